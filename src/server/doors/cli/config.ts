import { readConfig, shownSettings } from '#server/platform/config/index.ts'
import type { Entry } from './command.ts'

/** `hearth config print`: every setting, what it is and where that comes from. Secrets are named, not shown. Needs no database. */
export const configPrint: Entry = {
  name: 'config print',
  summary: 'shows every setting, what it is and where that comes from; secrets are hidden',
  run: async (ask) => {
    const settings = shownSettings(ask.environment, ask.text('data') !== undefined ? { HEARTH_DATA: '--data' } : {})
    const width = Math.max(...settings.map((one) => one.name.length))
    for (const { name, value, from } of settings) ask.say(`${name.padEnd(width)}  ${(value ?? 'none').padEnd(32)}  ${from}`)
    ask.data(settings)
    // What is wrong is said after all of them were shown.
    readConfig(ask.environment)
  },
}
