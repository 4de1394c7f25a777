import { z } from 'zod'
import { categories } from '#server/domain/cases/index.ts'
import { hashActions } from '#server/domain/hashes/index.ts'
import { invalidForm } from '#server/platform/errors.ts'

/** message: a post for named people · profile: name, words, fields, pictures · media: titles and descriptions · list: names of lists */
export const subjects = ['post', 'edit', 'message', 'profile', 'media', 'list'] as const
export type Subject = (typeof subjects)[number]
/** From nothing to the strongest. 'publish' ends the looking: what comes after it in order isn't asked. */
export const outcomes = ['publish', 'flag', 'limit', 'hold', 'refuse', 'quarantine'] as const
export type Outcome = (typeof outcomes)[number]
/** What is measured in numbers. */
export const measures = ['age', 'approved', 'trust', 'links', 'mentions', 'media', 'pace', 'repeats', 'duplicates', 'upheld', 'branch'] as const
export type Measure = (typeof measures)[number]

const number = z.number().min(0).max(1_000_000)
const leaf = z.union([
  z.strictObject({ signal: z.enum(measures), atLeast: number.optional(), below: number.optional() }).refine((one) => one.atLeast !== undefined || one.below !== undefined),
  z.strictObject({ signal: z.literal('score'), label: z.string().min(1).max(60), atLeast: z.number().min(0).max(1) }),
  z.strictObject({ signal: z.literal('words'), list: z.string().max(20).optional() }),
  z.strictObject({ signal: z.literal('linked'), action: z.enum(['block', 'warn', 'allow']), list: z.string().max(20).optional() }),
  z.strictObject({ signal: z.literal('hash'), action: z.enum(hashActions) }),
  z.strictObject({ signal: z.literal('language'), in: z.array(z.string().regex(/^[a-z]{2,3}$/)).min(1).max(40) }),
  z.strictObject({ signal: z.literal('trick'), kind: z.enum(['userinfo', 'lookalike', 'shortener']).optional() }),
  z.strictObject({ signal: z.literal('test') }),
])
export type Leaf = z.infer<typeof leaf>
export type Condition = Leaf | { all: Condition[] } | { any: Condition[] } | { not: Condition }
const condition: z.ZodType<Condition> = z.lazy(() => z.union([
  leaf, z.strictObject({ all: z.array(condition).min(1).max(20) }), z.strictObject({ any: z.array(condition).min(1).max(20) }), z.strictObject({ not: condition }),
]))
const definition = z.strictObject({
  subjects: z.array(z.enum(subjects)).min(1).transform((all) => [...new Set(all)]),
  when: condition,
  outcome: z.enum(outcomes),
  category: z.enum(categories as [string, ...string[]]),
})
export type RuleDefinition = Omit<z.infer<typeof definition>, 'category'> & { category: (typeof categories)[number] }

const deepest = 5
const mostLeaves = 40

/** Reads a rule; throws a form error on `definition`. */
export function readDefinition(given: unknown): RuleDefinition {
  const shape = sizeOf(given)
  const read = shape.depth <= deepest * 2 && shape.leaves <= mostLeaves * 4 ? definition.safeParse(given) : null
  if (!read?.success) throw invalidForm([{ field: 'definition', message: 'error.badRule', params: { where: read?.error?.issues[0]?.path.join('.') || 'when' } }])
  return read.data as RuleDefinition
}

/** Measured before it is read, so that nothing is read that is too deep. */
function sizeOf(given: unknown, depth = 0): { depth: number; leaves: number } {
  if (typeof given !== 'object' || given === null || depth > deepest * 2) return { depth, leaves: 1 }
  return Object.values(given).map((one) => sizeOf(one, depth + 1)).reduce((sum, one) => ({ depth: Math.max(sum.depth, one.depth), leaves: sum.leaves + one.leaves }), { depth, leaves: 0 })
}
