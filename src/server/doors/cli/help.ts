import type { Entry, Option } from './command.ts'

const pad = (text: string, width: number) => text.padEnd(width)

/** All commands, a line each. */
export function overview(commands: Entry[], common: Record<string, Option>): string {
  const width = Math.max(...commands.map((command) => line(command).length)) + 2
  return ['Hearth: a social network that a community owns.', '', 'Commands:', ...commands.map((command) => `  ${pad(line(command), width)}${command.summary}`), '',
    'With every command:', ...optionLines(common), '', "'hearth help COMMAND' tells more about one."].join('\n')
}

/** One command: how to write it, what its options mean. */
export function helpFor(command: Entry, common: Record<string, Option>): string {
  const own = command.options ?? {}
  return [`hearth ${line(command)}${Object.keys(own).length ? ' [options]' : ''}`, '', command.summary, ...(Object.keys(own).length ? ['', ...optionLines(own)] : []),
    '', ...optionLines(common), ...(command.more ? ['', command.more] : [])].join('\n')
}

const line = (command: Entry) => [command.name, ...command.places ?? []].join(' ')

function optionLines(options: Record<string, Option>): string[] {
  const rows = Object.entries(options).map(([name, option]): [string, string] =>
    [`  ${option.short ? `-${option.short}, ` : ''}--${name}${option.type === 'string' ? ` ${option.value ?? 'TEXT'}` : ''}`, `${option.help}${option.required ? ' (needed)' : ''}`])
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `${pad(left, width)}${right}`)
}
