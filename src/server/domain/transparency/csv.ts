import { categories, categoryFacts } from '#server/domain/cases/index.ts'
import { csvLine } from '#server/platform/text/csv.ts'
import { counts } from './count.ts'
import { heads, restrictions } from './csv-heads.ts'
import type { Part } from './csv-heads.ts'
import { restrictionOf } from './restriction.ts'
import type { DoneShown, Split, Transparency } from './types.ts'

const hosting = 'Only for providers of hosting services, including online platforms'
const platform = 'Only for providers of online platforms'
const left = 'Fewer than 5, or left out so that such a number can not be worked out'
const apart = 'Not broken down by category, so that small numbers can not be worked out: see TOTAL'
const unknown = 'Not recorded'
type Cell = string | number | null
/** A value with the words that explain why it isn't there. */
type Said = { value: Cell; why: string }
const say = (value: number | null, why = left): Said => ({ value, why: value === null ? why : '' })
const hours = (value: number | null): number | null => value === null ? null : Math.round(value * 10) / 10
const dsaCategories = [...new Set(categories.map((one) => categoryFacts(one).dsa))].toSorted()

/** One of the template's tables of a report, as RFC 4180 in UTF-8. What isn't shown is empty, with the reason in its column for context. */
export function templateCsv(report: Transparency, part: Part, service: string): string {
  const period = `${report.from}/${report.through}`
  const lines: Cell[][] = { ...tables(report), '1_report_identification': identity(report, service) }[part].map((row) => row.map((cell) => cell === '{service}' ? service : cell === '{period}' ? period : cell))
  return [heads[part], ...lines].map((line) => csvLine(line.map((cell) => cell ?? ''))).join('')
}

function identity(report: Transparency, service: string): Cell[][] {
  return [['Name of the service provider', service], ['Date of the publication of the report', report.madeAt.slice(0, 10)], ['Starting date of reporting period', report.from], ['Ending date of reporting period', report.through]].map(([name, value]) => ['All', service, name!, value!])
}

function tables(report: Transparency): Record<Exclude<Part, '1_report_identification'>, Cell[][]> {
  return {
    '2_categories_names': dsaCategories.map((name) => [`STATEMENT_CATEGORY_${name}`, '', `STATEMENT_CATEGORY_${name}`, `In this community: ${categories.filter((one) => categoryFacts(one).dsa === name).join(', ')}`]),
    '3_member_states_orders': orders(report), '4_notices': notices(report),
    '5_own_initiative_illegal': measures(report, report.done.ownLaw), '6_own_initiative_TC': measures(report, report.done.ownRules),
    '7_appeals_and_recidivism': appeals(report), '8_automated_means': automated(report), '9_human_resources': people(report), '11_qualitative': qualitative,
  }
}

const wide = (applies: string, before: Cell[], said: Said[]): Cell[] => [applies, '{service}', '{period}', ...before, ...said.map((one) => one.value), ...said.map((one) => one.why)]
const long = (applies: string, section: string, indicator: string, scope: string, said: Said): Cell[] => [applies, '{service}', '{period}', section, indicator, scope, said.value, said.why]

/** Of the template's category: the sum of ours, where all of them are shown. */
function ofCategory(of: Split, dsa: string): number | null {
  const ours = categories.filter((one) => categoryFacts(one).dsa === dsa).map((one) => of.parts?.[one] ?? null)
  return ours.some((one) => one === null) ? null : ours.reduce<number>((sum, one) => sum + one!, 0)
}

function orders({ orders: of }: Transparency): Cell[][] {
  const row = (scope: string, count: number | null, items: Said, minutes: Said) => wide('All', ['TOTAL', '', scope], [say(count), items, say(null, 'At once, by the receipt page'), minutes, say(null, unknown), say(null, unknown), say(null, unknown)])
  const effect = of.minutes === null ? say(null) : { value: hours(of.minutes / 60), why: 'In hours' }
  return [row('Total number', of.countries.total, say(of.items), effect), ...Object.entries(of.countries.parts ?? {}).map(([country, count]) => row(country, count, say(null, apart), say(null, apart)))]
}

function notices({ received, answered, done }: Transparency): Cell[][] {
  const none = say(null, 'Trusted flaggers are not told apart')
  const total = wide(hosting, ['TOTAL', ''], [
    say(received.law.total), none, say(received.lawItems), none, answered.law.times.median === null ? say(null) : { value: hours(answered.law.times.median), why: 'In hours' }, none,
    say(done.notices.grounds.parts?.['law'] ?? null), none, say(done.notices.grounds.parts?.['rules'] ?? null), none,
  ])
  const rows = dsaCategories.map((name) => wide(hosting, [`STATEMENT_CATEGORY_${name}`, ''], [say(ofCategory(received.law, name)), none, say(null, apart), none, say(null, apart), none, say(null, apart), none, say(null, apart), none]))
  return [total, ...rows]
}

const actsOf = (name: (typeof restrictions)[number]) => counts.filter((act) => restrictionOf(act) === name)
const sumOf = (of: Split, keys: string[]): number | null => of.parts === null ? null : keys.reduce<number | null>((sum, key) => { const part = of.parts![key] ?? (key in of.parts! ? null : 0); return sum === null || part === null ? null : sum + part }, 0)

function measures({ automation }: Transparency, of: DoneShown | null): Cell[][] {
  const parts = restrictions.map((name) => say(of ? sumOf(of.acts, actsOf(name)) : null))
  const alone = automation.how.parts?.['alone']
  const machine = alone === 0 ? say(0) : say(null, 'See part 8')
  const total = wide('All', ['TOTAL', ''], [of?.acts.total === undefined || of.acts.total === null ? say(null) : { value: of.acts.total, why: 'Warnings, which restrict nothing, are among them' }, machine, ...parts])
  return [total, ...dsaCategories.map((name) => wide('All', [`STATEMENT_CATEGORY_${name}`, ''], [say(of ? ofCategory(of.categories, name) : null), say(null, apart), ...restrictions.map(() => say(null, apart))]))]
}

const restricted = 'Complaint regarding a decision to remove or disable access to or restrict visibility of information'
const notActed = 'Complaint regarding a decision not to take action on a notice submitted in accordance with Article 16'
function appeals({ objections, paused }: Transparency): Cell[][] {
  const [inside, outside, misuse] = ['Internal complaints mechanism', 'Out-of-court dispute settlement bodies', 'Suspensions imposed on repeated offenders']
  const one = (indicator: string, of: Transparency['objections']['authors']) => [
    long(platform, inside, indicator, 'Total number', say(of.received)), long(platform, inside, indicator, 'Decisions upheld', say(of.answered.parts?.['upheld'] ?? null)),
    long(platform, inside, indicator, 'Decisions partially reversed', say(of.answered.parts?.['partly'] ?? null)), long(platform, inside, indicator, 'Decisions reversed', say(of.answered.parts?.['overturned'] ?? null)),
    long(platform, inside, indicator, 'Median time', of.median === null ? say(null) : { value: hours(of.median), why: 'In hours' }),
  ]
  return [
    ...one(restricted, objections.authors), ...one(notActed, objections.reporters),
    long(platform, outside, 'Number of disputes submitted to out-of-court dispute settlement bodies', 'Total number', say(null, unknown)),
    long(platform, misuse, 'Number of suspensions enacted for the provision of manifestly illegal content', 'Total number', say(null, 'See account restrictions in part 5')),
    long(platform, misuse, 'Number of suspensions enacted for the provision of manifestly unfounded notices', 'Total number', say(paused)),
    long(platform, misuse, 'Number of suspensions enacted for the provision of manifestly unfounded complaints', 'Total number', { value: 0, why: '' }),
  ]
}

function automated({ automation, answered }: Transparency): Cell[][] {
  const section = 'Use of automated means for content moderation'
  const { how, wrongShare } = automation
  return [
    long('All', section, 'Number of measures solely taken by automated means', 'Own-initiative', say(how.parts?.['alone'] ?? null)),
    long('All', section, 'Number of measures not taken by automated means', 'Own-initiative', { ...say(sumOf(how, ['noticed', 'person'])), ...how.parts ? { why: 'Decided by people, whoever noticed' } : {} }),
    long(hosting, section, 'Number of notices solely processed by automated means', 'NAM Total', { value: 0, why: 'People answer every notice' }),
    long(hosting, section, 'Number of notices not processed by automated means', 'NAM Total', say(answered.law.outcomes.total)),
    long('All', section, 'Accuracy of the automated means - Precision', 'Own-initiative', wrongShare === null ? say(null) : { value: Math.round((1 - wrongShare) * 1000) / 1000, why: 'Share of what rules put on the desk that people agreed with' }),
    long('All', section, 'Accuracy of the automated means - Recall', 'Own-initiative', say(null, 'What rules miss is not known')),
  ]
}

function people({ staff }: Transparency): Cell[][] {
  const section = 'Human resources dedicated to content moderation'
  const indicator = 'Number of total moderators with sufficient linguistic expertise'
  return [long('Only for VLOPs', section, 'Number of internal moderators employed by the provider', 'Total number', { value: staff.people, why: 'Volunteers are among them' }), ...staff.languages.map((language) => long('Only for VLOPs', section, indicator, language, say(null, 'At least one')))]
}

const qualitative: Cell[][] = [
  ['Summary of the content moderation engaged in at the providers\' own initiative', 'Posts, profiles and files are looked at by rules before they are seen; people decide about what rules hold or flag, about reports, notices and orders, and about objections.'],
  ['Description of the automated means', 'Rules over words, links, pace, account age and fingerprints of files. They hold, limit, refuse or flag; every rule has a precision from later decisions by people.'],
  ['Safeguards applied to the use of automated means', 'Rules only count until somebody switches them on, are tried on past posts, kept in every version, and answered by a person; whoever is concerned is told and may object.'],
].map(([name, value]) => ['All', '{service}', '{period}', name!, value!])
