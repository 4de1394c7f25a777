// `npm run build`: makes the pages unless they are those of today's sources.
import { buildPages, pagesAreFresh } from '../src/server/start/pages.ts'
import { completeInstallation } from '../src/server/platform/db/embedded.ts'
import { steps } from '../src/server/platform/progress/steps.ts'

const show = steps(process.stdout)
// So that a service whose user may not write here can start. Without the binaries, DATABASE_URL is the way.
await completeInstallation().catch(() => {})
try {
  if (await pagesAreFresh()) process.stdout.write('  the pages are up to date\n')
  else {
    show.begin('building the pages')
    await buildPages()
    show.end()
  }
} catch (error) {
  show.end(false)
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
