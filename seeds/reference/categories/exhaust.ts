import type { Root } from './tree.js'

// biome-ignore format: a table is read by its rows
export const exhaust = ['exhaust', 'الشكمان', 'Exhaust',
  'شكمان, شكمانات, اشكمان, جكمان, اكزوز, اكزوزت, اقزوز, عادم, عوادم, اشبمان, اشطمان, نظام عادم', 'exhaust, exhaust system', [
  ['mufflers', 'دبات شكمان', 'Mufflers and pipes',
    'دبة شكمان, دبات شكمان, شكمان خلفي, علبة شكمان, علبة عادم, كاتم صوت, كاتم شكمان, علبة اكزوز, سلنسر, سالنسر',
    'muffler, silencer, back box, exhaust box'],
  ['catalytic-converters', 'دبات تلوث', 'Catalytic converters',
    'دبة تلوث, دبات تلوث, دبة بيئة, دبة رصاص, شكمان بيئة, علبة بيئة, كاتلست, كتلست, كتاليزور, كاتليتك, محول حفاز, محول حفازي, فلتر بيئة',
    'catalytic converter, catalyst, catalytic'],
  ['exhaust-manifolds', 'هدرز', 'Exhaust manifolds',
    'هدرز, هيدرز, منافولد شكمان, منفولد شكمان, منفولد عادم, راس شكمان, مانيفولد عادم, مجمع عادم, مشعب عادم, يد شكمان',
    'exhaust manifold, exhaust header'],
]] as const satisfies Root
