import { parseArgs } from 'node:util'
import { isHearthError } from '../../platform/errors.ts'
import { readConfig } from '../../platform/config/index.ts'
import { makeApp } from '../../make-app.ts'
import { joinDatabase } from '../../start/database.ts'
import { output } from '../../start/progress.ts'
import { prepare, start } from '../../start/start.ts'
import { translator } from '#i18n/translate.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { accountCommand } from './account.ts'
import { doctorCommand } from './doctor.ts'
import { tokenCommand } from './token.ts'
import type { Command } from './command.ts'

const help = `Hearth: a social network that a community owns

  hearth start [--port N] [--host H] [--data DIR]
  hearth account create --username U [--email E] [--password P] [--role owner|admin|moderator|member]
  hearth account list | show U | suspend U [--reason TEXT] | role U ROLE | reset-password U [--password P]
  hearth token create --account U [--scopes "read write follow push"]
  hearth verify            compares counters, files and jobs with the posts
  hearth seed --members N --posts M [--media] [--seed S]
  hearth doctor            checks database, disk, media, mail, clock and address

Everywhere: --data DIR (or HEARTH_DATA), --json, --help. Settings: see the table in README.md.
`

const options = {
  port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
  username: { type: 'string' }, email: { type: 'string' }, password: { type: 'string' }, role: { type: 'string' }, reason: { type: 'string' },
  account: { type: 'string' }, scopes: { type: 'string' },
  members: { type: 'string' }, posts: { type: 'string' }, media: { type: 'boolean' }, seed: { type: 'string' }, 'into-existing': { type: 'boolean' },
} as const

const commands: Record<string, () => Promise<Command>> = {
  account: async () => accountCommand,
  token: async () => tokenCommand,
  doctor: async () => doctorCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  seed: async () => (await import('./seed.ts')).seedCommand,
}

/** Runs one command line (without `node` and the program). Returns the exit code: 0 done, 1 not done, 2 not understood. */
export async function main(words: string[]): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({ args: words, options, allowPositionals: true })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return 2
  }
  const { values, positionals } = parsed
  const [name, ...rest] = positionals
  if (values.help || !name || name === 'help') {
    process.stdout.write(help)
    return name || values.help ? 0 : 2
  }
  const out = output(values.json === true)
  const environment = { ...process.env, ...(values.port ? { PORT: values.port } : {}), ...(values.host ? { HOST: values.host } : {}), ...(values.data ? { HEARTH_DATA: values.data } : {}) }
  try {
    if (name === 'start') return await start(environment, out)
    const load = commands[name]
    if (!load) {
      process.stderr.write(`There is no command '${name}'.\n\n${help}`)
      return 2
    }
    const command = await load()
    const config = readConfig(environment)
    const database = await joinDatabase(config, (what) => out.progress(what))
    try {
      if (database.own) await prepare(database.connection, (what) => out.progress(what))
      const made = await makeApp({ environment: { ...environment, HEARTH_LOG: environment.HEARTH_LOG ?? 'error' }, connection: { ...database.connection, max: 6 } })
      out.settle()
      try { return await command(made.app, values, rest, out) } finally { await made.close() }
    } finally {
      await database.close()
    }
  } catch (error) {
    out.settle()
    process.stderr.write(`${await sentence(error)}\n`)
    if (values.json) process.stdout.write(`${JSON.stringify({ error: await sentence(error) })}\n`)
    return 1
  }
}

/** One of our errors in words; anything else as it is. */
async function sentence(error: unknown): Promise<string> {
  if (!isHearthError(error)) return error instanceof Error ? error.message : String(error)
  const i = translator('en', await loadCatalogue('en'))
  if (error.problems.length === 0) return i.maybe(`error.${error.code}`, error.params, error.code)
  return error.problems.map((problem) => `${problem.field}: ${i.maybe(problem.message, problem.params, problem.message)}`).join('; ')
}
