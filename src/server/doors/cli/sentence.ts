import { isHearthError } from '#server/platform/errors.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'

/** What went wrong, for whoever typed the command: our own errors in the catalogue's words, each bad field named. */
export async function inOneSentence(error: unknown): Promise<string> {
  if (!isHearthError(error)) return error instanceof Error ? error.message || String((error as { code?: string }).code ?? error.name) : String(error)
  const i = translator('en', await loadCatalogue('en', 'core'))
  if (error.problems.length) return error.problems.map(({ field, message, params }) => `${field}: ${ended(i.maybe(message, params))}`).join(' ')
  return ended(i.maybe(`error.${error.code}`, error.params, error.code))
}

const ended = (text: string) => /[.!?]$/.test(text) ? text : `${text}.`
