import { verifyCommunity } from '#server/verify/index.ts'
import type { Command } from './command.ts'

/** hearth verify: a table of what was compared; exit code 1 and a list where something disagrees. */
export const verifyCommand: Command = async (app, values, _words, out) => {
  const { checked, differences } = await verifyCommunity(app, (done, total) => out.progress('comparing', done, total), values.deep === true)
  out.settle()
  const width = Math.max(...checked.map(({ name }) => plain(name).length))
  for (const { name, rows } of checked) {
    const wrong = differences.filter(({ what }) => what === name).length
    out.line(`${wrong ? '✗' : '✓'} ${plain(name).padEnd(width)}  ${String(rows).padStart(9)} rows${wrong ? `, ${wrong} differ` : ''}`)
  }
  if (differences.length) out.line('')
  for (const { what, id, expected, found } of differences) out.line(`✗ ${plain(what)}  ${id}: expected ${expected}, found ${found}`)
  out.line(differences.length ? `\n${differences.length} differences` : '\nEverything agrees.')
  out.json({ ok: differences.length === 0, checked, differences })
  return differences.length ? 1 : 0
}

const plain = (name: string) => name.replace('graphile_worker._private_jobs', 'jobs')
