/**
 * What a report says is wrong, the hardest first. `dsa` and `keyword` are the words of the EU's transparency database
 * (StatementStoreRequest, V2), so that a statement of reasons needs no second sorting.
 * `severity` 0–4 is how much harm an hour of waiting does; `hard`: only shown to moderators who said they take it on;
 * `unnamed`: who reports it may stay without name (DSA, Article 16(2)(c): offences of Directive 2011/93/EU, Articles 3 to 7).
 */
const table = {
  child_safety: { group: 'children', severity: 4, hard: true, clock: 'child', dsa: 'PROTECTION_OF_MINORS', keyword: 'CHILD_SEXUAL_ABUSE_MATERIAL', unnamed: true },
  terrorism: { group: 'terror', severity: 4, hard: true, clock: 'illegal', dsa: 'RISK_FOR_PUBLIC_SECURITY', keyword: 'TERRORIST_CONTENT', unnamed: false },
  intimate_images: { group: 'sexual', severity: 4, hard: true, clock: 'illegal', dsa: 'CYBER_VIOLENCE', keyword: 'NON_CONSENSUAL_IMAGE_SHARING', unnamed: false },
  self_harm: { group: 'danger', severity: 3, hard: true, clock: 'illegal', dsa: 'SELF_HARM', keyword: 'SUICIDE', unnamed: false },
  violence: { group: 'danger', severity: 3, hard: true, clock: 'illegal', dsa: 'VIOLENCE', keyword: 'INCITEMENT_VIOLENCE_HATRED', unnamed: false },
  hatred: { group: 'unkind', severity: 3, hard: false, clock: 'illegal', dsa: 'ILLEGAL_OR_HARMFUL_SPEECH', keyword: 'HATE_SPEECH', unnamed: false },
  harassment: { group: 'unkind', severity: 2, hard: false, clock: 'rules', dsa: 'CYBER_VIOLENCE', keyword: 'CYBER_HARASSMENT', unnamed: false },
  underage: { group: 'children', severity: 2, hard: false, clock: 'rules', dsa: 'PROTECTION_OF_MINORS', keyword: 'OTHER', unnamed: false },
  privacy: { group: 'identity', severity: 2, hard: false, clock: 'illegal', dsa: 'DATA_PROTECTION_AND_PRIVACY_VIOLATIONS', keyword: 'OTHER', unnamed: false },
  impersonation: { group: 'identity', severity: 2, hard: false, clock: 'rules', dsa: 'SCAMS_AND_FRAUD', keyword: 'IMPERSONATION_ACCOUNT_HIJACKING', unnamed: false },
  sexual: { group: 'sexual', severity: 1, hard: false, clock: 'rules', dsa: 'OTHER_VIOLATION_TC', keyword: 'ADULT_SEXUAL_MATERIAL', unnamed: false },
  illegal_goods: { group: 'trade', severity: 2, hard: false, clock: 'illegal', dsa: 'UNSAFE_AND_PROHIBITED_PRODUCTS', keyword: 'OTHER', unnamed: false },
  copyright: { group: 'trade', severity: 1, hard: false, clock: 'illegal', dsa: 'INTELLECTUAL_PROPERTY_INFRINGEMENTS', keyword: 'COPYRIGHT_INFRINGEMENT', unnamed: false },
  spam: { group: 'trade', severity: 1, hard: false, clock: 'rules', dsa: 'SCAMS_AND_FRAUD', keyword: 'OTHER', unnamed: false },
  misinformation: { group: 'rules', severity: 1, hard: false, clock: 'rules', dsa: 'NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS', keyword: 'OTHER', unnamed: false },
  rule: { group: 'rules', severity: 1, hard: false, clock: 'rules', dsa: 'OTHER_VIOLATION_TC', keyword: 'OTHER', unnamed: false },
  other: { group: 'rules', severity: 1, hard: false, clock: 'rules', dsa: 'OTHER_VIOLATION_TC', keyword: 'OTHER', unnamed: false },
} as const satisfies Record<string, CategoryFacts>

export const groups = ['children', 'terror', 'danger', 'sexual', 'unkind', 'identity', 'trade', 'rules'] as const
export type CategoryGroup = (typeof groups)[number]
export type Clock = 'order' | 'child' | 'illegal' | 'rules' | 'appeal' | 'welcome'
export type CategoryFacts = { group: CategoryGroup; severity: 0 | 1 | 2 | 3 | 4; hard: boolean; clock: Clock; dsa: string; keyword: string; unnamed: boolean }
export type Category = keyof typeof table

/** Every category, the hardest first. */
export const categories = Object.keys(table) as Category[]
/** What is known of a category; a stored word that no longer is one counts as 'other'. */
export const categoryFacts = (category: string): CategoryFacts => Object.hasOwn(table, category) ? table[category as Category] : table.other
/** The groups of the form, each with its categories. */
export const categoryTree = (): { group: CategoryGroup; categories: Category[] }[] => groups.map((group) => ({ group, categories: categories.filter((one) => table[one].group === group) }))
/** Those that a moderator has to take on by choice. */
export const hardCategories = categories.filter((one) => table[one].hard)
