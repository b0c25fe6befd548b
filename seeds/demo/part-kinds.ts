import type { LeafId } from '../reference/categories.js'

type PartKind = readonly [category: LeafId, nameAr: string, nameEn: string, noteAr: string, noteEn: string]

const single = ['تباع بالحبة.', 'Sold singly.'] as const
const set = ['الطقم أربع حبات للكفرين.', 'A set of four for both wheels.'] as const
const discs = ['السعر للحبة، وينصح بتغيير الهوبين معًا.', 'Price for one disc; change both together.'] as const
const mirror = ['كهربائية مع إشارة.', 'Electric, with turn signal.'] as const
const lamp = ['كاملة بدون لمبات.', 'Complete, without bulbs.'] as const
const shock = ['غاز، ويفضل تغيير الجهتين معًا.', 'Gas; change both sides together.'] as const
const arm = ['مع الجلب والركبة.', 'With bushings and ball joint.'] as const

/** What a part is called and how it is sold. The car stands in models.ts, the number and price on a shelf. */
// biome-ignore format: a table is read by its rows
export const partKinds = {
  'oil-filter': ['oil-filters', 'سيفون زيت', 'Oil filter', 'يغير مع كل غيار زيت.', 'Change it with every oil change.'],
  'air-filter': ['air-filters', 'فلتر هواء', 'Air filter', 'يحمي المكينة من الغبار، ويغير كل 20 ألف كم.', 'Keeps dust out of the engine; change every 20,000 km.'],
  'cabin-filter': ['cabin-filters', 'فلتر مكيف', 'Cabin air filter', 'ينقي هواء المقصورة من الغبار والروائح.', 'Keeps dust and smells out of the cabin.'],
  'fuel-filter': ['fuel-filters', 'فلتر بنزين', 'Petrol filter', 'يركب على خط البنزين.', 'Fits the petrol line.'],
  'diesel-filter': ['fuel-filters', 'فلتر ديزل', 'Diesel filter', 'يفصل الماء عن الديزل.', 'Separates water from the diesel.'],
  'brake-pads-front': ['brake-pads', 'فحمات أمامية', 'Front brake pads', ...set],
  'brake-pads-rear': ['brake-pads', 'فحمات خلفية', 'Rear brake pads', ...set],
  'brake-disc-front': ['brake-discs', 'هوب أمامي', 'Front brake disc', ...discs],
  'brake-disc-rear': ['brake-discs', 'هوب خلفي', 'Rear brake disc', ...discs],
  'brake-shoes': ['brake-shoes', 'قماشات هوب خلفية', 'Rear brake shoes', ...set],
  'spark-plug': ['spark-plugs', 'بوجي إريديوم', 'Iridium spark plug', ...single],
  'ignition-coil': ['ignition-coils', 'كويل بواجي', 'Ignition coil', ...single],
  'drive-belt': ['belts', 'سير مكينة خارجي', 'Drive belt', 'سير الدينمو والمكيف وطرمبة الماء.', 'Runs the alternator, the AC and the water pump.'],
  'engine-mount': ['engine-mounts', 'كرسي مكينة', 'Engine mount', 'يقضي على رجة المكينة عند الوقوف.', 'Cures vibration at idle.'],
  'head-gasket': ['gaskets', 'وجيه راس المكينة', 'Cylinder head gasket', 'معدن متعدد الطبقات.', 'Multi-layer steel.'],
  'valve-cover-gasket': ['gaskets', 'وجيه غطا البلوف', 'Valve cover gasket', 'يوقف تهريب الزيت من غطا البلوف.', 'Stops oil leaks from the valve cover.'],
  'fuel-pump': ['fuel-pumps', 'طرمبة بنزين', 'Fuel pump', 'تركب داخل التانكي.', 'Fits inside the tank.'],
  injector: ['injectors', 'بخاخ بنزين', 'Fuel injector', ...single],
  'throttle-body': ['injectors', 'بوابة هواء (ثروتل)', 'Throttle body', 'إلكترونية، وتحتاج برمجة بعد التركيب.', 'Electronic; needs a relearn after fitting.'],
  alternator: ['alternators', 'دينمو', 'Alternator', 'كامل مع الكتاوت والبكرة.', 'Complete, with regulator and pulley.'],
  starter: ['starters', 'سلف', 'Starter motor', 'كامل مع الأوتوماتيك.', 'Complete, with solenoid.'],
  'oxygen-sensor': ['sensors', 'حساس شكمان (أكسجين)', 'Oxygen sensor', 'الحساس العلوي قبل دبة التلوث.', 'Upstream, before the catalyst.'],
  'abs-sensor-front': ['sensors', 'حساس ABS أمامي', 'Front ABS sensor', 'مع السلك والفيش.', 'With cable and plug.'],
  'crank-sensor': ['sensors', 'حساس كرنك', 'Crankshaft position sensor', 'يعالج تقطيع المكينة وصعوبة التشغيل.', 'Cures stalling and hard starting.'],
  'window-motor-front-left': ['window-motors', 'ماطور قزاز أمامي يسار', 'Front left window motor', 'الماطور فقط بدون مكينة القزاز.', 'Motor only, without the regulator.'],
  radiator: ['radiators', 'رديتر ماء', 'Radiator', 'ألمنيوم، للقير الأوتوماتيك.', 'Aluminium, for automatic transmission.'],
  'radiator-fan': ['radiators', 'مروحة رديتر', 'Radiator fan', 'كاملة مع الماطور.', 'Complete, with motor.'],
  'water-pump': ['water-pumps', 'طرمبة ماء', 'Water pump', 'مع الوجيه.', 'With gasket.'],
  thermostat: ['thermostats', 'بلف حرارة', 'Thermostat', 'مع الجلدة.', 'With its seal.'],
  'ac-compressor': ['ac-compressors', 'كمبروسر مكيف', 'AC compressor', 'معبأ بالزيت، جاهز للتركيب.', 'Filled with oil, ready to fit.'],
  'ac-condenser': ['ac-condensers', 'رديتر مكيف', 'AC condenser', 'مع الدراير.', 'With drier.'],
  'shock-front': ['shock-absorbers', 'مساعد أمامي', 'Front shock absorber', ...shock],
  'shock-rear': ['shock-absorbers', 'مساعد خلفي', 'Rear shock absorber', ...shock],
  'lower-arm-right': ['control-arms', 'مقص أمامي سفلي يمين', 'Front right lower control arm', ...arm],
  'lower-arm-left': ['control-arms', 'مقص أمامي سفلي يسار', 'Front left lower control arm', ...arm],
  'stabilizer-link': ['stabilizer-links', 'مسمار ميزان أمامي', 'Front stabilizer link', ...single],
  'tie-rod-end': ['steering-joints', 'ركبة دركسون', 'Tie rod end', 'ينصح بوزن الأذرعة بعد التركيب.', 'Align the wheels after fitting.'],
  'ball-joint': ['steering-joints', 'ركبة مقص سفلية', 'Lower ball joint', ...single],
  'wheel-bearing-front': ['wheel-bearings', 'رمان بلي أمامي', 'Front wheel bearing', ...single],
  'wheel-hub-front': ['wheel-bearings', 'فلنجة أمامية مع الرمان', 'Front wheel hub with bearing', ...single],
  'wheel-hub-rear': ['wheel-bearings', 'فلنجة خلفية مع الرمان', 'Rear wheel hub with bearing', ...single],
  'clutch-disc': ['clutches', 'ديسك كلتش', 'Clutch disc', 'للقير العادي.', 'For manual transmission.'],
  'clutch-kit': ['clutches', 'طقم كلتش', 'Clutch kit', 'ديسك وصحن ورمان.', 'Disc, pressure plate and bearing.'],
  'cv-axle-right': ['cv-axles', 'عكس أمامي يمين', 'Front right CV axle', 'كامل مع الجلود.', 'Complete, with boots.'],
  'cv-axle-left': ['cv-axles', 'عكس أمامي يسار', 'Front left CV axle', 'كامل مع الجلود.', 'Complete, with boots.'],
  'gearbox-mount': ['driveshafts', 'كرسي قير', 'Transmission mount', 'يقضي على خبطة القير عند التعشيق.', 'Cures the knock when shifting.'],
  'universal-joint': ['driveshafts', 'صليبة كردان', 'Universal joint', 'مع قفول التثبيت.', 'With snap rings.'],
  'bumper-front': ['bumpers', 'صدام أمامي', 'Front bumper', 'بدون كشافات وحساسات.', 'Without fog lights and sensors.'],
  'bumper-rear': ['bumpers', 'صدام خلفي', 'Rear bumper', 'بدون حساسات.', 'Without sensors.'],
  grille: ['bumpers', 'شبك أمامي', 'Front grille', 'كروم.', 'Chrome.'],
  'headlight-right': ['headlights', 'شمعة أمامية يمين', 'Right headlight', ...lamp],
  'headlight-left': ['headlights', 'شمعة أمامية يسار', 'Left headlight', ...lamp],
  'tail-light-right': ['tail-lights', 'اسطب خلفي يمين', 'Right tail light', 'كامل بدون لمبات.', 'Complete, without bulbs.'],
  'tail-light-left': ['tail-lights', 'اسطب خلفي يسار', 'Left tail light', 'كامل بدون لمبات.', 'Complete, without bulbs.'],
  'mirror-right': ['mirrors', 'مراية جانبية يمين', 'Right door mirror', ...mirror],
  'mirror-left': ['mirrors', 'مراية جانبية يسار', 'Left door mirror', ...mirror],
  'fender-right': ['fenders-hoods', 'رفرف أمامي يمين', 'Front right fender', 'بدون البطانة.', 'Without liner.'],
  hood: ['fenders-hoods', 'كبوت', 'Hood', 'بدون العازل والمفصلات.', 'Without insulation and hinges.'],
  'wiper-blade': ['wipers', 'مساحة قزاز أمامية', 'Front wiper blade', 'جهة السائق.', "Driver's side."],
} satisfies Record<string, PartKind>

export type PartKindId = keyof typeof partKinds
