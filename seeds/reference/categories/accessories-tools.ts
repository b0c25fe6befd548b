import type { Root } from './tree.js'

// biome-ignore format: a table is read by its rows
export const accessoriesTools = ['accessories-tools', 'الإكسسوارات والعدة', 'Accessories and tools',
  'اكسسوار, اكسسوارات, اكسسوارات سيارات, اكسسوار سيارة, كماليات, زينة, زينة سيارات', 'accessory, accessories, car accessories', [
  ['floor-mats', 'فرشات ودعاسات', 'Floor mats',
    'دعاسة, دعاسات, دعاسات سيارة, فرشات, فرشات ارضية, ارضيات, ارضية سيارة, لباد, موكيت, دواسات ارضية, سجادة سيارة',
    'floor mat, car mat, mat, floor liner, floor carpet'],
  ['screens-audio', 'شاشات وأجهزة صوت', 'Screens and audio',
    'شاشة, شاشات, شاشة سيارة, شاشة اندرويد, مسجل, مسجلات, مسجل سيارة, راديو, كاسيت سيارة, كاسيت',
    'screen, head unit, car stereo, stereo, car radio, radio, android screen, infotainment'],
  ['keys', 'مفاتيح وريموتات', 'Keys and remotes',
    'ريموت, ريموتات, ريموت سيارة, مفتاح سيارة, مفاتيح سيارات, مفتاح بصمة, مفتاح ريموت, مفتاح ذكي, ميدالية ريموت, مفاتيح بصمة',
    'remote, car key, key fob, remote key, smart key, fob'],
  ['tools', 'عدة وعفاريت', 'Tools and jacks',
    'عدة, عدة سيارة, عدة ورش, عدة مفاتيح, عدد يدوية, شنطة عدة, عدة تصليح, ادوات',
    'tool, hand tool, tool kit, toolkit, tool set, workshop tool'],
]] as const satisfies Root
