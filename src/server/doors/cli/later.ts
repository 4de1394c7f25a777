import { withApp } from '#server/start/open.ts'
import { backupCommands } from './backup-entries.ts'
import type { Ask, Command, Entry } from './command.ts'

/** Commands whose code is only loaded when they are asked for. */
export const later: Entry[] = [
  {
    name: 'seed',
    summary: 'fills an empty community with a lifelike demonstration',
    options: {
      members: { type: 'string', value: 'N', help: 'how many people (200)' },
      posts: { type: 'string', value: 'M', help: 'how many posts (5000)' },
      media: { type: 'boolean', help: 'with pictures, videos and music that it makes itself' },
      seed: { type: 'string', value: 'S', help: 'the same S makes the same community (1)' },
      until: { type: 'string', value: 'TIME', help: 'when the last post was written; with S it decides everything (this hour)' },
      'into-existing': { type: 'boolean', help: 'beside members who are there already; nobody of the seed can sign in then' },
    },
    run: async (ask) => within(ask, (await import('./seed.ts')).seedCommand),
  },
  {
    name: 'verify',
    summary: 'compares counters, files, jobs and timelines with the posts; exit code 1 and a list where they disagree',
    options: { deep: { type: 'boolean', help: 'reads every text and every file as well; takes its time' } },
    run: async (ask) => within(ask, (await import('./verify.ts')).verifyCommand),
  },
  {
    name: 'rebuild',
    summary: 'makes derived things anew from what people made, while they go on: what verify finds wrong',
    places: ['timelines|counts|search|trends|all'],
    more: 'Timelines themselves are read from the posts each time; that one puts answers back into their threads and lets every process forget the answers it keeps.',
    run: async (ask) => within(ask, (await import('./rebuild.ts')).rebuildCommand),
  },
  {
    name: 'lockdown',
    summary: 'when something goes wrong: members only, closed or read-only, with your words; off undoes it',
    places: ['on|off|status'],
    options: {
      mode: { type: 'string', value: 'MODE', help: 'members (visitors see nothing, nobody joins), readonly (nobody writes) or closed (only owners come in); members' },
      message: { type: 'string', value: 'TEXT', help: 'what everybody is told' },
      'sign-out': { type: 'boolean', help: 'ends every session and every app’s token' },
    },
    more: "Nothing that was made is touched. Owners can do the same on the page 'Lockdown'; in a closed community they still log in at /login.",
    run: async (ask) => within(ask, (await import('./lockdown.ts')).lockdownCommand),
  },
  {
    name: 'jobs list',
    summary: 'what waits, runs and was given up, by name, with the last error of each',
    options: {
      state: { type: 'string', value: 'STATE', help: 'only failed, running, waiting or later ones' },
      job: { type: 'string', value: 'NAME', help: 'only of this name' },
      limit: { type: 'string', value: 'N', help: 'at most so many (30)' },
    },
    run: async (ask) => within(ask, (await import('./jobs.ts')).listJobsCommand),
  },
  {
    name: 'jobs retry',
    summary: 'tries a job again at once, or all that were given up',
    places: ['[NUMBER]'],
    options: { failed: { type: 'boolean', help: 'all that were given up' }, job: { type: 'string', value: 'NAME', help: 'with --failed: only of this name' } },
    run: async (ask) => within(ask, (await import('./jobs.ts')).retryJobsCommand),
  },
  {
    name: 'media fingerprint',
    summary: 'looks at stored pictures that have no fingerprint yet; can be broken off and begun again',
    run: async (ask) => within(ask, (await import('./fingerprint.ts')).fingerprintCommand),
  },
  {
    name: 'media move',
    summary: 'moves all media to object storage, or back, while members go on; can be broken off and begun again',
    options: {
      to: { type: 'string', value: 'PLACE', help: "'s3' (the bucket of the S3_… settings) or 'disk'", required: true },
      keep: { type: 'boolean', help: 'leaves the copies at the old place' },
    },
    run: async (ask) => within(ask, (await import('./storage.ts')).moveCommand),
  },
  {
    name: 'media new-key',
    summary: 'ends every signed address of media within seconds: for when one got into wrong hands',
    run: async (ask) => within(ask, (await import('./storage.ts')).newKeyCommand),
  },
  {
    name: 'hashes list',
    summary: 'shows the lists of known files: how much is on them, and what they found',
    run: async (ask) => within(ask, (await import('./hashes.ts')).listHashesCommand),
  },
  {
    name: 'hashes import',
    summary: 'reads a file of fingerprints into a list; all of it, or nothing',
    places: ['FILE'],
    options: {
      list: { type: 'string', value: 'LIST', help: 'the name or number of a list that is there' },
      new: { type: 'string', value: 'NAME', help: 'makes a list of this name' },
      category: { type: 'string', value: 'C', help: 'of a new list: terrorism, child_safety, intimate_images, violence, hate, spam, other' },
      format: { type: 'string', value: 'F', help: 'csv, lines, jsonl, ncmec, stopncii, tat, threatexchange, vpdq (by its first words)' },
      replace: { type: 'boolean', help: 'the file is the whole list: what it lacks is withdrawn' },
    },
    run: async (ask) => within(ask, (await import('./hashes.ts')).importHashesCommand),
  },
  {
    name: 'hashes export',
    summary: 'writes the community’s own lists, to standard output or a file',
    options: {
      list: { type: 'string', value: 'LIST', help: 'only this one' },
      format: { type: 'string', value: 'F', help: 'csv (so it is), jsonl, lines, tx-csv' },
      to: { type: 'string', value: 'FILE', help: 'into this file, for its owner alone' },
      others: { type: 'boolean', help: 'a list of others too; they seldom allow it' },
    },
    run: async (ask) => within(ask, (await import('./hashes.ts')).exportHashesCommand),
  },
  {
    name: 'hashes update',
    summary: 'fetches what changed in lists of other machines, now',
    places: ['[LIST]'],
    run: async (ask) => within(ask, (await import('./hashes.ts')).updateHashesCommand),
  },
  {
    name: 'hashes rescan',
    summary: 'looks through everything that is stored for what is listed; can be broken off and begun again',
    run: async (ask) => within(ask, (await import('./hashes.ts')).rescanCommand),
  },
  {
    name: 'hashes match',
    summary: 'tells what a file would be known by, without keeping it; exit code 3 where something matches',
    places: ['FILE'],
    run: async (ask) => within(ask, (await import('./hashes.ts')).matchCommand),
  },
  {
    name: 'hashes test',
    summary: 'proves with a harmless picture that the filter works',
    run: async (ask) => within(ask, (await import('./hashes.ts')).testHashesCommand),
  },
  {
    name: 'audit verify',
    summary: 'follows the record’s chain of hashes; exit code 1 and the first row that is not as it was written',
    options: { head: { type: 'string', value: 'HASH', help: 'a head from the log or a backup’s manifest: the record must still have it' } },
    run: async (ask) => within(ask, (await import('./audit.ts')).verifyAuditCommand),
  },
  { name: 'audit head', summary: 'where the record ends now, to be kept elsewhere', run: async (ask) => within(ask, (await import('./audit.ts')).auditHeadCommand) },
  {
    name: 'screening corpus',
    summary: 'tells how many hidden words and addresses screening sees, and how often ordinary texts alarm it',
    run: async (ask) => (await import('./screening.ts')).corpusCommand(ask),
  },
  {
    name: 'raid',
    summary: 'switches on or off what slows sign-ups and newcomers for some hours; alone it says how it stands',
    places: ['[on|off]'],
    options: {
      hours: { type: 'string', value: 'N', help: 'until it ends by itself (6)' },
      door: { type: 'string', value: 'HOW', help: 'how people join meanwhile: approval, invitation or closed (approval)' },
      why: { type: 'string', value: 'TEXT', help: 'for the record' },
    },
    run: async (ask) => { const { raidCommand } = await import('./raid.ts'); return withApp(ask.environment, (app) => raidCommand(ask, app)) },
  },
  ...backupCommands,
]

const within = (ask: Ask, command: Command) => withApp(ask.environment, (app) => command(app, ask.values, ask.places, ask.out)).finally(() => ask.out.settle())
