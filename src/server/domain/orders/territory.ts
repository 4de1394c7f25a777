import { memberStates } from './types.ts'
import type { OrderForm } from './types.ts'

/** Two letters each, in any order and with anything between; 'EU' stands for all its states. Null where something else is among them. */
export function readTerritory(text: string): string[] | null {
  const words = text.toUpperCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  if (words.length > 260 || words.some((word) => !/^[A-Z]{2}$/.test(word))) return null
  return [...new Set(words.flatMap((word) => word === 'EU' ? memberStates : [word === 'UK' ? 'GB' : word]))].toSorted()
}

/** Where an order holds: all EU states where it is about terrorist content, otherwise as it says. */
export const territoryOf = (form: Pick<OrderForm, 'kind' | 'country'> & { territory?: string[] }): string[] =>
  form.kind === 'terrorism' ? [...memberStates].toSorted() : form.territory?.length ? form.territory : form.country ? [form.country] : []
