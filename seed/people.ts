import type { Role } from '../src/server/domain/accounts/index.ts'
import type { Random } from './random.ts'

export type Person = { username: string; name: string; bio: string; language: string; role: Role; locked: boolean; fields: readonly [string, string][] }

/** The town's faces: in the seed, in documentation and in screenshots the same people. */
const faces: (Omit<Person, 'locked' | 'fields'> & Partial<Person>)[] = [
  { username: 'mara', name: 'Mara Lindqvist', bio: 'Runs the harbour café and, it seems, this place. Bread, boats, other people’s stories.', language: 'en', role: 'owner', fields: [['Café', 'Harbour Street 3, from six'], ['Bread', 'rye on Mondays, plaited on Fridays'], ['Boat', 'the green one']] },
  { username: 'yusuf', name: 'يوسف الحداد', bio: 'معلم في المدرسة، وعازف عود في المساء.', language: 'ar', role: 'admin', fields: [['المدرسة', 'الصف السادس'], ['العود', 'كل خميس في المقهى']] },
  { username: 'ines', name: 'Inés Carvajal', bio: 'Carpintera. Modero con calma y café.', language: 'es', role: 'moderator' },
  { username: 'tomas', name: 'Tomáš Novák', bio: 'Ferry pilot. Weather before opinions.', language: 'en', role: 'member' },
  { username: 'aiko', name: '相川 愛子', bio: '写真と猫。駅のそばに住んでいます。', language: 'ja', role: 'member' },
  { username: 'olga', name: 'Ольга Миронова', bio: 'Хор, книги, длинные прогулки.', language: 'ru', role: 'member' },
  { username: 'bram', name: 'Bram de Wit', bio: 'Beekeeper. Eleven hives and an old van.', language: 'en', role: 'member', fields: [['Honey', 'linden, heather'], ['Van', 'older than I look']] },
  { username: 'leila', name: 'لیلا نوری', bio: 'Nurse on nights, gardener by day.', language: 'en', role: 'member', locked: true },
  { username: 'kofi', name: 'Kofi Mensah', bio: 'Coach of the under-twelves. We will win one day.', language: 'en', role: 'member' },
  { username: 'priya', name: 'प्रिया नायर', bio: 'Librarian. Ask me for a book you did not know you wanted.', language: 'hi', role: 'member' },
  { username: 'claire', name: 'Claire Dubois', bio: 'Boulangère. Levée à trois heures.', language: 'fr', role: 'member' },
  { username: 'juergen', name: 'Jürgen Öztürk', bio: 'Repariert alles außer Uhren.', language: 'de', role: 'member' },
]
export const cast: Person[] = faces.map((one) => ({ locked: false, fields: [], ...one }))

const first = ['Ada', 'Amir', 'Anaïs', 'Björn', 'Chidi', 'Dana', 'Élodie', 'Emre', 'Farah', 'Giulia', 'Hana', 'Ivo', 'Jana', 'Kaito', 'Lucía', 'Malik', 'Nadia', 'Oskar', 'Paola', 'Quim', 'Rosa', 'Sami', 'Tuğba', 'Ugo', 'Vera', 'Wanda', 'Ximena', 'Yara', 'Zoë', 'Henrik', 'Salma', 'Piotr', 'Mei', 'Tariq', 'Signe', 'Rafael', 'Åsa', 'Benoît', 'Çiğdem', 'Dimitra', 'Elif', 'Fionn', 'Gwen', 'Hugo', 'Inga', 'Joaquín', 'Katya', 'Léa', 'Miłosz', 'Nuno', 'Odile', 'Pilar', 'Ruth', 'Šimon', 'Thandi', 'Ursula', 'Viktor', 'Wen', 'Yusra', 'Zlatko']
const last = ['Abbas', 'Bergström', 'Costa', 'Demir', 'Eriksen', 'Fontaine', 'García', 'Haddad', 'Ivanova', 'Jansen', 'Kowalski', 'López', 'Moreau', 'Nakamura', 'Okafor', 'Petrov', 'Quintero', 'Rossi', 'Sørensen', 'Takahashi', 'Ueda', 'Varga', 'Weiss', 'Yılmaz', 'Zhang', 'Acheampong', 'Baptiste', 'Halvorsen', 'Amrani', 'Blažek', 'Carvalho', 'Dlamini', 'Esposito', 'Fischer', 'Gómez', 'Hassan', 'Ibáñez', 'Jokinen', 'Khoury', 'Lefèvre', 'Mbeki', 'Nguyen', 'O’Brien', 'Papadakis', 'Rahman', 'Silva', 'Tanaka', 'Vasquez', 'Wójcik', 'Zeman']
/** Given names and families of other scripts; `order` says how they are put together. */
const native: { language: string; given: string[]; family: string[]; order?: 'family first' | 'close' }[] = [
  { language: 'ar', given: ['أحمد', 'فاطمة', 'خالد', 'نور', 'سلمى', 'عمر', 'ليلى', 'حسن', 'مريم', 'زينب', 'كريم', 'هدى'], family: ['سالم', 'منصور', 'الخطيب', 'النجار', 'الحلبي', 'عبدالله', 'القاسم', 'الصباغ'] },
  { language: 'ru', given: ['Анна', 'Михаил', 'Дарья', 'Илья', 'Софья', 'Пётр', 'Вера', 'Лев'], family: ['Ким', 'Левченко', 'Заря', 'Гончар', 'Белых', 'Черных', 'Дольник'] },
  { language: 'ja', given: ['健', '由美', '翔', '葵', '蓮', '美咲', '大輔', 'さくら'], family: ['佐藤', '山本', '高橋', '小林', '中村', '森', '石川'], order: 'family first' },
  { language: 'hi', given: ['अर्जुन', 'मीरा', 'कविता', 'रोहन', 'आशा', 'विक्रम', 'नेहा'], family: ['शर्मा', 'पटेल', 'वर्मा', 'मिश्रा', 'जोशी'] },
  { language: 'tr', given: ['Ayşe', 'Mehmet', 'Zeynep', 'Ömer', 'Gülşen', 'Barış', 'İpek'], family: ['Kaya', 'Şahin', 'Yıldız', 'Öztürk', 'Aydın'] },
  { language: 'pt', given: ['João', 'Conceição', 'Inês', 'Tomé', 'Graça', 'Luís'], family: ['Tavares', 'Lima', 'Simões', 'Falcão', 'Araújo'] },
  { language: 'en', given: ['Νίκος', 'Ελένη', 'Γιώργος', 'Σοφία'], family: ['Βλάχου', 'Μακρή', 'Αλεξίου'] },
  { language: 'en', given: ['민준', '서연', '지우', '하은', '도윤'], family: ['김', '이', '박', '최'], order: 'close' },
  { language: 'en', given: ['小龙', '思远', '美玲', '子涵', '雨桐'], family: ['李', '王', '陈', '林', '周'], order: 'close' },
  { language: 'en', given: ['דנה', 'יואב', 'נועה', 'אורי'], family: ['לוי', 'כהן', 'ברק'] },
  { language: 'en', given: ['สมชาย', 'มาลี', 'ปรีชา', 'กานดา'], family: ['ใจดี', 'ทองสุข', 'แสงจันทร์'] },
]
const bios = ['{a} and {b}.', 'Mostly {a}. Sometimes {b}.', '{a}, {b}, in that order.', 'Here for the {a}.', 'Thinks about {a} more than is reasonable.', 'Came for the {a}, stayed for the {b}.', 'Moved here for work, stayed for the {a}.', 'Ask me about {a}. Or {b}. Please.', 'Third-generation islander. {a}.', 'Teacher, parent, {a}.']
const likes = ['gardening', 'night trains', 'bread', 'old radios', 'choir', 'football', 'bicycles', 'rain', 'maps', 'tea', 'chess', 'birds', 'ceramics', 'short films', 'swimming', 'cats', 'astronomy', 'comics', 'ferns', 'wooden boats', 'letters', 'crosswords', 'mushrooms', 'jazz', 'kites', 'soup']
const facts: readonly [string, readonly string[]][] = [['Lives', ['by the harbour', 'above the bakery', 'near the station', 'on the hill']], ['Plays', ['cello', 'banjo', 'oud', 'only records']], ['Grows', ['tomatoes', 'patience', 'roses', 'beans']], ['Speaks', ['English', 'عربي', 'español', 'français', 'Türkçe']]]

/** The nth member beyond the cast. Usernames are distinct by their number. */
export function personAt(index: number, random: Random): Person {
  const other = random.chance(0.34) ? random.pick(native) : undefined
  const given = random.pick(first)
  const family = random.pick(last)
  const name = other ? nameIn(other, random) : `${given} ${family}`
  const plain = `${given}${random.chance(0.5) ? '_' : ''}${family}`.normalize('NFD').replace(/\p{M}/gu, '').replace(/[øØ]/g, 'o').replace(/ł/g, 'l').replace(/ı/g, 'i').toLowerCase().replace(/[^a-z_]/g, '')
  const bio = random.chance(0.7) ? random.pick(bios).replace('{a}', random.pick(likes)).replace('{b}', random.pick(likes)) : ''
  const language = other?.language ?? random.pick(['en', 'en', 'en', 'en', 'en', 'es', 'fr', 'de', 'pt', 'tr'])
  const fields = random.chance(0.2) ? random.shuffled(facts, 1 + random.int(2)).map(([label, values]): [string, string] => [label, random.pick(values)]) : []
  return { username: `${plain.slice(0, 20)}${index}`, name, bio: bio.charAt(0).toUpperCase() + bio.slice(1), language, role: 'member', locked: random.chance(0.04), fields }
}

function nameIn(native: { given: string[]; family: string[]; order?: 'family first' | 'close' }, random: Random): string {
  const [given, family] = [random.pick(native.given), random.pick(native.family)]
  return native.order === 'close' ? family + given : native.order ? `${family} ${given}` : `${given} ${family}`
}
