import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { once } from 'node:events'
import type { App } from '#server/app.ts'
import { createList, exportHashes, hashOverview, importHashes, selfTest, sweepNow, tryFile, updateHashList } from '#server/domain/hashes/index.ts'
import { UsageError, text } from './command.ts'
import type { Command } from './command.ts'

/** The list that is called so: by its number or its name. Throws where none is, or several are. */
async function listNamed(app: App, name: string): Promise<{ id: string; name: string }> {
  const { lists } = await hashOverview(app, 'command')
  const found = lists.filter((list) => list.id === name || list.name.toLowerCase() === name.toLowerCase())
  if (found.length === 0) throw new Error(`There is no list '${name}'. 'hearth hashes list' shows them.`)
  if (found.length > 1) throw new Error(`Several lists are called '${name}': ${found.map((list) => `${list.id} (${list.category})`).join(', ')}. Give the number.`)
  return found[0]!
}

/** hearth hashes list: what is listed, where it is from, how it answers. */
export const listHashesCommand: Command = async (app, _values, _words, out) => {
  const { lists, index, sweep } = await hashOverview(app, 'command')
  for (const list of lists) {
    out.line(`${list.enabled ? '●' : '○'} ${list.name} (${list.category}, ${list.source})  ${list.entries} entries, ${list.matches} matches, ${list.action}  ${list.id}`)
    if (list.lastError) out.line(`  ✗ ${list.lastError} ${list.lastDetail}`.trimEnd())
  }
  if (lists.length === 0) out.line("There is no list yet. Hearth brings none: 'hearth hashes import FILE --new NAME --category CATEGORY' reads one.")
  out.json({ lists, index, sweep })
  return 0
}

/** hearth hashes import FILE: reads a file of any length into a list. */
export const importHashesCommand: Command = async (app, values, [file], out) => {
  if (!file) throw new UsageError('Which file?')
  const [to, fresh] = [text(values, 'list'), text(values, 'new')]
  if ((to === undefined) === (fresh === undefined)) throw new UsageError('Give either --list (one that is there) or --new (a name for another one).')
  const { size: bytes } = await stat(file)
  const list = to === undefined ? await createList(app, 'command', { name: fresh!, category: text(values, 'category') ?? 'other' }) : (await listNamed(app, to)).id
  const result = await importHashes(app, 'command', list, { content: createReadStream(file, { highWaterMark: 256 * 1024 }), bytes, format: text(values, 'format'), replace: values.replace === true },
    (now) => now.taking ? out.progress('taking over') : out.progress('reading', now.bytes, bytes))
  out.settle()
  out.line(`${result.added} added, ${result.changed} changed, ${result.withdrawn} withdrawn; ${result.refused} of ${result.lines} lines refused.`)
  for (const { line, reason } of result.problems) out.line(`✗ line ${line}: ${reason}`)
  if (result.refused > result.problems.length) out.line(`  … and ${result.refused - result.problems.length} more.`)
  out.json({ list, ...result })
  return 0
}

/** hearth hashes export: the community's own lists, or one list, to standard output or a file. */
export const exportHashesCommand: Command = async (app, values, _words, out) => {
  const name = text(values, 'list')
  const lines = await exportHashes(app, 'command', { format: text(values, 'format') ?? 'csv', listId: name === undefined ? undefined : (await listNamed(app, name)).id, others: values.others === true })
  const path = text(values, 'to')
  const to = path === undefined ? process.stdout : createWriteStream(path, { mode: 0o600 })
  let count = 0
  for await (const line of lines) {
    count++
    if (!to.write(line)) await once(to, 'drain')
    if (path !== undefined && count % 10_000 === 0) out.progress(`writing, line ${count}`)
  }
  if (path === undefined) return 0
  to.end()
  await once(to, 'finish')
  out.settle()
  out.line(`${count} lines in ${path}.`)
  out.json({ lines: count, path })
  return 0
}

/** hearth hashes update [LIST]: fetches what changed in lists of other machines; exit code 1 where one could not be had. */
export const updateHashesCommand: Command = async (app, _values, [name], out) => {
  const wanted = name === undefined ? undefined : await listNamed(app, name)
  const connected = (await hashOverview(app, 'command')).lists.filter((list) => list.connected && (!wanted || wanted.id === list.id))
  if (connected.length === 0) throw new Error('No list is connected to another machine; the page /admin/hashes does that.')
  for (const [at, list] of connected.entries()) {
    out.progress(list.name, at, connected.length)
    await updateHashList(app, list.id)
  }
  out.settle()
  const after = (await hashOverview(app, 'command')).lists.filter((list) => connected.some((one) => one.id === list.id))
  for (const list of after) out.line(`${list.lastError ? '✗' : '✓'} ${list.name}: ${list.lastError ?? `${list.entries} entries`}`)
  out.json(after.map(({ id, name: called, entries, lastError, lastDetail }) => ({ id, name: called, entries, error: lastError, detail: lastDetail })))
  return after.some((list) => list.lastError) ? 1 : 0
}

/** hearth hashes rescan: looks through everything that is stored, now. */
export const rescanCommand: Command = async (app, _values, _words, out) => {
  const result = await sweepNow(app, (done, all) => out.progress('looking through what is stored', done, all))
  out.settle()
  out.line(`${result.done} looked at; in ${result.found} something listed was found that was not known before.`)
  out.json(result)
  return 0
}

/** hearth hashes match FILE: what a file would be known by; it isn't kept. Exit code 0 where nothing matches, 3 where something does. */
export const matchCommand: Command = async (app, _values, [file], out) => {
  if (!file) throw new UsageError('Which file?')
  const seen = await tryFile(app, 'command', file)
  for (const match of seen.matches) out.line(`● ${match.list} (${match.category}): ${match.signal}${match.distance === null ? '' : `, distance ${match.distance}, ${match.turn}`} → ${match.action}`)
  if (seen.matches.length === 0) out.line(seen.quality !== null && !seen.comparable ? `Not listed by its bytes; too plain to be compared by its looks (quality ${seen.quality}).` : 'Not listed.')
  out.json(seen)
  return seen.matches.length ? 3 : 0
}

/** hearth hashes test: proof with a harmless picture that the filter works; exit code 1 where it doesn't. */
export const testHashesCommand: Command = async (app, _values, _words, out) => {
  const result = await selfTest(app, 'command')
  for (const step of result.steps) out.line(`${step.ok ? '✓' : '✗'} ${step.what}${step.signal ? `: ${step.signal}${step.distance === null ? '' : `, distance ${step.distance}`}` : ': not found'}`)
  out.json(result)
  return result.ok ? 0 : 1
}
