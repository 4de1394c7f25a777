import { rebuild, rebuilds } from '#server/verify/index.ts'
import { UsageError } from './command.ts'
import type { Command } from './command.ts'

const told = {
  timelines: 'Timelines are read from the posts each time: nothing of them is stored. Answers are in their threads, and every process makes its kept answers anew.',
  counts: 'Every counter agrees with what it counts.',
  search: 'Search knows every text by its words again, and its indexes are new.',
  trends: 'The last fourteen days were counted again, and ranked.',
}

/** hearth rebuild: makes derived things anew from what people made. */
export const rebuildCommand: Command = async (app, _values, [asked], out) => {
  const wanted = asked === 'all' ? rebuilds : rebuilds.filter((one) => one === asked)
  if (wanted.length === 0) throw new UsageError(`What? One of ${rebuilds.join(', ')}, or all.`)
  const mended: Record<string, Record<string, number>> = {}
  for (const what of wanted) {
    mended[what] = await rebuild(app, what, (step, done, all) => out.progress(`${what}: ${step}`, done, all))
    out.settle()
    for (const [name, rows] of Object.entries(mended[what])) out.line(`  ${String(rows).padStart(9)} ${rows === 1 ? 'row' : 'rows'}  ${name}`)
    out.line(`✓ ${told[what]}`)
  }
  out.json({ mended })
  return 0
}
