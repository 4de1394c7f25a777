import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { accountCommands } from './account.ts'
import { UsageError } from './command.ts'
import type { Ask, Entry, Option, Values } from './command.ts'
import { configPrint } from './config.ts'
import { doctor } from './doctor.ts'
import { helpFor, overview } from './help.ts'
import { output } from '#server/start/progress.ts'
import { inOneSentence } from './sentence.ts'
import { later } from './later.ts'
import { startCommand } from './start.ts'
import type { Start } from './start.ts'
import { tokenCommands } from './token.ts'

const common: Record<string, Option> = {
  json: { type: 'boolean', help: 'answer in JSON' },
  data: { type: 'string', value: 'DIR', help: 'the data folder (HEARTH_DATA; ./data)' },
  help: { type: 'boolean', short: 'h', help: 'this help' },
}

/** `hearth …`: finds the command, reads its words, runs it. Resolves to the exit code: 0 well, 1 failed, 2 used wrongly. */
export async function commandLine(words: string[], doors: { start: Start }): Promise<number> {
  // `hearth … | head` ends our output early; that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0) })
  const commands = [startCommand(doors.start), ...accountCommands, ...tokenCommands, ...later, configPrint, doctor]
  const [first = '', second = ''] = words
  if (first === '--version' || first === '-v') return print(version())
  if (first === '' || first === 'help' || first === '--help' || first === '-h') {
    const asked = commands.find((command) => command.name === words.slice(1).join(' '))
    return print(asked ? helpFor(asked, common) : overview(commands, common))
  }
  const command = commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first)
  if (!command) {
    const family = commands.filter(({ name }) => name.startsWith(`${first} `))
    if (family.length && (second === '' || second === '--help' || second === '-h')) return print(overview(family, common), second === '' ? 2 : 0)
    process.stderr.write(`hearth: There is no command '${[first, ...(family.length ? [second] : [])].join(' ')}'. 'hearth help' lists them.\n`)
    return 2
  }
  return run(command, words.slice(command.name.split(' ').length))
}

async function run(command: Entry, words: string[]): Promise<number> {
  try {
    const options = { ...command.options, ...common }
    const { values, positionals } = read(words, options)
    if (values.help) return print(helpFor(command, common))
    const missing = Object.entries(command.options ?? {}).find(([name, option]) => option.required && values[name] === undefined)
    if (missing) throw new UsageError(`--${missing[0]} is needed.`)
    if (positionals.length > (command.places?.length ?? 0)) throw new UsageError(`'${positionals[command.places?.length ?? 0]}' is one word too many.`)
    return await command.run(asking(values, positionals)) ?? 0
  } catch (error) {
    process.stderr.write(`hearth: ${await inOneSentence(error)}\n`)
    if (!(error instanceof UsageError)) return 1
    process.stderr.write(`'hearth help ${command.name}' tells how.\n`)
    return 2
  }
}

function read(words: string[], options: Record<string, Option>): { values: Values; positionals: string[] } {
  const known = Object.fromEntries(Object.entries(options).map(([name, { type, short }]) =>
    [name, { type, ...(short ? { short } : {}) }]))
  try {
    const { values, positionals } = parseArgs({ args: words, options: known, allowPositionals: true, strict: true })
    return { values: values as Values, positionals }
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]?.replace(/\.?$/, '.'))
  }
}

function asking(values: Values, places: string[]): Ask {
  const json = values.json === true
  const text = (name: string) => typeof values[name] === 'string' ? values[name] : undefined
  return {
    text, json, places, values, out: output(json),
    flag: (name) => values[name] === true,
    count(name, otherwise, least = 0) {
      const given = text(name)
      if (given === undefined) return otherwise
      if (!/^\d{1,12}$/.test(given) || Number(given) < least) throw new UsageError(`--${name} should be a whole number of at least ${least}, not '${given}'.`)
      return Number(given)
    },
    environment: { ...process.env, ...(text('data') ? { HEARTH_DATA: text('data') } : {}) },
    say: (line) => { if (!json) process.stdout.write(`${line}\n`) },
    data: (value) => { if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`) },
  }
}

function print(text: string, code = 0): number {
  (code ? process.stderr : process.stdout).write(`${text.trimEnd()}\n`)
  return code
}

function version(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8')) as { version: string }
  return version
}
