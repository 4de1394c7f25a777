import { z } from 'zod'
import { isId } from '#server/platform/ids/index.ts'
import { notFound } from '#server/platform/errors.ts'

/** An id in a path. What can't be one is 'not found', like any id that nobody has. */
export const pathId = z.string().transform((text) => {
  if (!isId(text)) throw notFound()
  return text
})
/** true, 'true', '1', 'on' …: apps send switches in every way there is. */
export const flag = z.union([z.boolean(), z.string(), z.number()]).transform((value, context) => {
  const text = String(value).toLowerCase()
  if (['true', '1', 't', 'on', 'yes'].includes(text)) return true
  if (['false', '0', 'f', 'off', 'no', ''].includes(text)) return false
  context.issues.push({ code: 'custom', message: 'true or false', input: value })
  return z.NEVER
})
/** One or many texts: `id=1`, `id[]=1&id[]=2` and a JSON list all mean a list. At most `most`. */
export const texts = (most: number, longest = 500) => z.preprocess(
  (value) => value === undefined || value === null || value === '' ? [] : Array.isArray(value) ? value.flat() : typeof value === 'object' ? Object.values(value) : [value],
  z.array(z.coerce.string().max(longest)).max(most))
/** A whole number, as a number or as text. */
export const whole = (least: number, most: number) => z.coerce.number('a whole number').int('a whole number').min(least).max(most)
/** Text of bounded length. */
export const words = (longest: number) => z.union([z.string(), z.number().transform(String)]).pipe(z.string().max(longest))
/** null and absent mean the same. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => value === null || value === '' ? undefined : value, schema.optional())
