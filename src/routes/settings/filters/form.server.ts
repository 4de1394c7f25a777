import type { FilterDraft } from '#server/domain/filters/index.ts'
import { textOf } from '../../forms.server.ts'

/** Longest time that can be chosen, in days. */
const mostDays = 365

/** What the form of a filter says: title, contexts, action, days and words, one a line. `days` 'keep' leaves the end as it is. */
export function readFilterForm(data: FormData): Required<Pick<FilterDraft, 'title' | 'contexts' | 'action'>> & { seconds: number | null | undefined; keywords: { keyword: string; wholeWord: boolean }[] } {
  const keywords = textOf(data, 'words').split('\n').map((line) => line.trim()).filter(Boolean).slice(0, 200).map((keyword) => ({ keyword, wholeWord: !data.has('anywhere') }))
  const days = textOf(data, 'days')
  const number = Math.min(mostDays, Number(days))
  return {
    title: textOf(data, 'title') || (keywords[0]?.keyword ?? ''), contexts: data.getAll('contexts').filter((value) => typeof value === 'string'), action: textOf(data, 'action'),
    seconds: days === 'keep' ? undefined : number > 0 ? number * 86_400 : null, keywords,
  }
}
