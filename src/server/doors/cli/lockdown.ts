import { readSettings } from '#server/domain/instance/index.ts'
import type { LockdownMode } from '#server/domain/instance/index.ts'
import { beginLockdown, endLockdown } from '#server/domain/operations/index.ts'
import { UsageError, text } from './command.ts'
import type { Command } from './command.ts'

const said: Record<LockdownMode, string> = { members: 'members only', closed: 'closed: only owners come in', readonly: 'read-only' }

/** hearth lockdown on|off|status: when something goes wrong; undone as easily. */
export const lockdownCommand: Command = async (app, values, [what = 'status'], out) => {
  if (what === 'off') {
    const was = await endLockdown(app, 'command')
    out.line(was ? 'The community is open again, as it was before.' : 'Nothing was locked.')
    out.json({ lockdown: null, changed: was })
    return 0
  }
  if (what === 'on') {
    const mode = text(values, 'mode') ?? 'members'
    if (!(mode in said)) throw new UsageError(`--mode is members, closed or readonly, not '${mode}'.`)
    const ended = await beginLockdown(app, 'command', { mode: mode as LockdownMode, message: text(values, 'message'), signOut: values['sign-out'] === true })
    const { lockdown } = await readSettings(app)
    out.line(`The community is locked (${said[mode as LockdownMode]}). ${values['sign-out'] ? `${ended.sessions} browsers and ${ended.tokens} apps were signed out. ` : ''}'hearth lockdown off' undoes it.`)
    out.json({ lockdown, changed: true, ended })
    return 0
  }
  if (what !== 'status') throw new UsageError(`'on', 'off' or 'status', not '${what}'.`)
  const { lockdown } = await readSettings(app)
  out.line(lockdown ? `Locked since ${lockdown.since} (${said[lockdown.mode]}).${lockdown.message ? ` It says: ${lockdown.message}` : ''}` : 'Nothing is locked.')
  out.json({ lockdown })
  return 0
}
