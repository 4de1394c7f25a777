/**
 * The tables of the EU's template for transparency reports (Implementing Regulation (EU) 2024/2835, Annex I), with its own words for
 * files and columns. Parts 5 and 6 differ in one column.
 */
const start = ['Applicability', 'Service', 'Reporting period']
const other = 'Description of the sub-category "Other"'
const orders = [
  'Number of orders to act against illegal content received', 'Number of specific items of information included in the total number of orders to act against illegal content',
  'Median time to inform the authority of the receipt of the order to act against illegal content', 'Median time to give effect to the order to act against illegal content', 'Number of orders to provide information',
  'Median time to inform the authority of the receipt of the order to provide information', 'Median time to give effect to the order to provide information',
]
const notices = [
  'Number of notices received', 'Number of notices received from Trusted flaggers', 'Number of specific items of information included in the total number of notices',
  'Number of specific items of information included in the total number of notices by Trusted Flaggers (Trusted Flagger notices)', 'Median time to take action', 'Median time to take action (Trusted Flagger notices)',
  'Number of actions taken on the basis of the law', 'Number of actions taken on the basis of the law (Trusted Flagger notices)', 'Number of actions taken on the basis of the terms and conditions of the service',
  'Number of actions taken on the basis of the terms and conditions of the service (Trusted Flagger notices)',
]
/** What a restriction can be, as parts 5 and 6 count it. */
export const restrictions = [
  'Visibility restriction Removal', 'Visibility restriction Disable', 'Visibility restriction Demoted', 'Visibility restriction Age restricted', 'Visibility restriction Interaction restricted', 'Visibility restriction Labelled',
  'Visibility restriction Other', 'Monetary restriction Suspension', 'Monetary restriction Termination', 'Monetary restriction Other', 'Provision of the service Suspension', 'Provision of the service Termination',
  'Account restriction Suspension', 'Account restriction Termination',
] as const
const measures = ['Number of measures taken at the provider\'s own initiative', 'Number of measures taken after detection with solely automated means', ...restrictions]
const indicators = [...start, 'Section', 'Indicator', 'Scope', 'Value', 'Contextual Information']
const about = (names: string[], words: string) => names.map((name) => `${words} ${name}`)

export const heads = {
  '1_report_identification': ['Applicability', 'Service', 'Indicator', 'Value'],
  '2_categories_names': ['Category label', 'Category description', 'Category of illegal content / incompatible with the terms and conditions', 'Contextual information'],
  '3_member_states_orders': [...start, 'Category of illegal content', other, 'Scope', ...orders, ...about(orders, 'Contextual information on')],
  '4_notices': [...start, 'Category of illegal content', other, ...notices, ...about(notices, 'Contextual information on')],
  '5_own_initiative_illegal': [...start, 'Category of illegal content', other, ...measures, ...about(measures, 'Contextual Information on')],
  '6_own_initiative_TC': [...start, 'Category of incompatibility with the provider\'s terms and conditions', other, ...measures, ...about(measures, 'Contextual Information on')],
  '7_appeals_and_recidivism': indicators,
  '8_automated_means': indicators,
  '9_human_resources': indicators,
  '11_qualitative': [...start, 'Indicator', 'Value'],
} as const
export type Part = keyof typeof heads
export const parts = Object.keys(heads) as Part[]
