import type { Said } from './paint.ts'

/** What people write beside several pictures, films and music. */
export const albumWords: readonly Said[] = [
  { en: 'A few from the weekend, unsorted.', ar: 'بعض الصور من نهاية الأسبوع، بلا ترتيب.' },
  { en: 'What I carried home in the camera.', ar: 'ما عدت به إلى البيت في الكاميرا.' },
  { en: 'Same walk, different corners.', ar: 'النزهة نفسها، من زوايا مختلفة.' },
  { en: 'For everybody who moved away and asks how it looks now.', ar: 'لكل من رحل ويسأل كيف يبدو المكان الآن.' },
  { en: 'The best of a roll of film I had forgotten in a coat.', ar: 'أجمل ما في فيلم نسيته في جيب معطف.' },
  { en: 'Pictures for the library calendar. Which one should be March?', ar: 'صور لتقويم المكتبة. أيها يصلح لشهر آذار؟' },
]
export const filmWords: readonly Said[] = [
  { en: 'Turn the sound on, it is a calm one.', ar: 'ارفعوا الصوت، فهو مقطع هادئ.' },
  { en: 'Seven seconds without a plan.', ar: 'ثوانٍ قليلة بلا خطة.' },
  { en: 'Stood there until my tea was cold.', ar: 'وقفت هناك حتى برد الشاي.' },
  { en: 'Nothing happens in this one. Watch it twice.', ar: 'لا يحدث شيء في هذا المقطع. شاهدوه مرتين.' },
  { en: 'Sent to my sister, who misses the harbour.', ar: 'أرسلته إلى أختي التي تشتاق إلى الميناء.' },
]
export const tuneWords: readonly Said[] = [
  { en: 'New tune. Tell me where it drags.', ar: 'لحن جديد. قولوا لي أين يطول.' },
  { en: 'Recorded in the kitchen, after everybody slept.', ar: 'سجلناه في المطبخ بعد أن نام الجميع.' },
  { en: 'For the open stage. Still learning the middle part.', ar: 'للأمسية المفتوحة. ما زلنا نتعلم المقطع الأوسط.' },
  { en: 'Four chords and a quiet evening.', ar: 'أربعة أوتار ومساء هادئ.' },
  { en: 'The band met again after two years. We remembered almost everything.', ar: 'اجتمعت الفرقة بعد سنتين، وتذكرنا كل شيء تقريبًا.' },
]
