import type { Role } from '../src/server/domain/accounts/index.ts'
import type { Random } from './random.ts'

export type Person = { username: string; name: string; bio: string; language: string; role: Role }

/** The town's faces: in the seed, in documentation and in screenshots the same people. */
export const cast: Person[] = [
  { username: 'mara', name: 'Mara Lindqvist', bio: 'Runs the harbour café and, it seems, this place. Bread, boats, other people’s stories.', language: 'en', role: 'owner' },
  { username: 'yusuf', name: 'يوسف الحداد', bio: 'معلم في المدرسة، وعازف عود في المساء.', language: 'ar', role: 'admin' },
  { username: 'ines', name: 'Inés Carvajal', bio: 'Carpintera. Modero con calma y café.', language: 'es', role: 'moderator' },
  { username: 'tomas', name: 'Tomáš Novák', bio: 'Ferry pilot. Weather before opinions.', language: 'en', role: 'member' },
  { username: 'aiko', name: '相川 愛子', bio: '写真と猫。駅のそばに住んでいます。', language: 'ja', role: 'member' },
  { username: 'olga', name: 'Ольга Миронова', bio: 'Хор, книги, длинные прогулки.', language: 'ru', role: 'member' },
  { username: 'bram', name: 'Bram de Wit', bio: 'Beekeeper. Eleven hives and an old van.', language: 'en', role: 'member' },
  { username: 'leila', name: 'لیلا نوری', bio: 'Nurse on nights, gardener by day.', language: 'en', role: 'member' },
  { username: 'kofi', name: 'Kofi Mensah', bio: 'Coach of the under-twelves. We will win one day.', language: 'en', role: 'member' },
  { username: 'priya', name: 'प्रिया नायर', bio: 'Librarian. Ask me for a book you did not know you wanted.', language: 'hi', role: 'member' },
  { username: 'claire', name: 'Claire Dubois', bio: 'Boulangère. Levée à trois heures.', language: 'fr', role: 'member' },
  { username: 'juergen', name: 'Jürgen Öztürk', bio: 'Repariert alles außer Uhren.', language: 'de', role: 'member' },
]

const first = ['Ada', 'Amir', 'Anaïs', 'Björn', 'Chidi', 'Dana', 'Élodie', 'Emre', 'Farah', 'Giulia', 'Hana', 'Ivo', 'Jana', 'Kaito', 'Lucía', 'Malik', 'Nadia', 'Oskar', 'Paola', 'Quim', 'Rosa', 'Sami', 'Tuğba', 'Ugo', 'Vera', 'Wanda', 'Ximena', 'Yara', 'Zoë', 'Henrik', 'Salma', 'Piotr', 'Mei', 'Tariq', 'Signe', 'Rafael']
const last = ['Abbas', 'Bergström', 'Costa', 'Demir', 'Eriksen', 'Fontaine', 'García', 'Haddad', 'Ivanova', 'Jansen', 'Kowalski', 'López', 'Moreau', 'Nakamura', 'Okafor', 'Petrov', 'Quintero', 'Rossi', 'Sørensen', 'Takahashi', 'Ueda', 'Varga', 'Weiss', 'Yılmaz', 'Zhang', 'Acheampong', 'Baptiste', 'Halvorsen']
const native: { language: string; names: string[] }[] = [
  { language: 'ar', names: ['أحمد سالم', 'فاطمة الزهراء', 'خالد منصور', 'نور الهدى', 'سلمى عبدالله', 'عمر الخطيب'] }, { language: 'ru', names: ['Анна Соколова', 'Михаил Орлов', 'Дарья Белова'] }, { language: 'ja', names: ['佐藤 健', '山本 由美', '高橋 翔'] },
  { language: 'hi', names: ['अर्जुन शर्मा', 'मीरा पटेल'] }, { language: 'en', names: ['Νίκος Παπαδόπουλος', '김민준', '李小龙', 'דנה לוי', 'สมชาย ใจดี', 'Ану Саар'] }, { language: 'tr', names: ['Ayşe Kaya', 'Mehmet Şahin'] }, { language: 'pt', names: ['João Tavares', 'Conceição Lima'] },
]
const bios = ['{a} and {b}.', 'Mostly {a}. Sometimes {b}.', '{a}, {b}, in that order.', 'Here for the {a}.', 'Thinks about {a} more than is reasonable.']
const likes = ['gardening', 'night trains', 'bread', 'old radios', 'choir', 'football', 'bicycles', 'rain', 'maps', 'tea', 'chess', 'birds', 'ceramics', 'short films', 'swimming', 'cats', 'astronomy', 'comics']

/** The nth member beyond the cast. Names are distinct by their number. */
export function personAt(index: number, random: Random): Person {
  const other = random.chance(0.28) ? random.pick(native) : undefined
  const given = random.pick(first)
  const family = random.pick(last)
  const name = other ? random.pick(other.names) : `${given} ${family}`
  const plain = `${given}${random.chance(0.5) ? '_' : ''}${family}`.normalize('NFD').replace(/\p{M}/gu, '').replace(/[øØ]/g, 'o').replace(/ı/g, 'i').toLowerCase().replace(/[^a-z_]/g, '')
  const bio = random.chance(0.7) ? random.pick(bios).replace('{a}', random.pick(likes)).replace('{b}', random.pick(likes)) : ''
  const language = other?.language ?? random.pick(['en', 'en', 'en', 'en', 'en', 'es', 'fr', 'de', 'pt', 'tr'])
  return { username: `${plain.slice(0, 20)}${index}`, name, bio: bio.charAt(0).toUpperCase() + bio.slice(1), language, role: 'member' }
}
