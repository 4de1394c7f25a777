import { measureCorpus } from '#server/domain/screening/index.ts'
import type { Ask } from './command.ts'

/** hearth screening corpus: caught, missed and false alarms, by kind; exit code 1 where an ordinary text alarms. Needs no community. */
export async function corpusCommand(ask: Ask): Promise<number> {
  const { words, links, ordinary, median } = measureCorpus()
  for (const [title, all] of [['Words', words], ['Addresses', links]] as const) {
    const [tried, found] = [all.reduce((sum, one) => sum + one.tried, 0), all.reduce((sum, one) => sum + one.found, 0)]
    ask.say(`${title}: ${found} of ${tried} found, ${tried - found} missed`)
    for (const one of all) ask.say(`  ${one.found === one.tried ? '✓' : one.found ? '◐' : '✗'} ${one.name}  ${one.found}/${one.tried}${one.missed === null ? '' : `  missed: ${JSON.stringify(one.missed)}`}`)
  }
  const alarms = ordinary.flatMap((one) => one.alarms)
  ask.say(`Ordinary texts: ${alarms.length} false alarms in ${ordinary.reduce((sum, one) => sum + one.texts, 0)}`)
  for (const one of ordinary) ask.say(`  ${one.alarms.length ? '✗' : '✓'} ${one.language}  ${one.alarms.length}/${one.texts}${one.alarms.length ? `  ${JSON.stringify(one.alarms[0])}` : ''}`)
  ask.say(`${median.toFixed(2)} ms per text in the middle.`)
  ask.data({ words, links, ordinary, median })
  return alarms.length ? 1 : 0
}
