// What machines of what size carry, and what breaks first: a model. Its figures per act are measured (docs/performance.md, the benchmarks of this
// folder) where it says so, guessed from other communities where it doesn't. `npm run bench -- model` prints the table and the plot of docs/scaling.md.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tell } from './result.ts'

/** What one member does on an average day. A member here is somebody who comes at least once a month; a third come on a given day. Guessed. */
const day = { reads: 60, posts: 0.6, reactions: 3, pictures: 0.15, films: 0.01, uploadsMB: 0.15 * 3 + 0.01 * 30 }
/** Of a day's acts, how many times the average the busiest minute sees. Guessed, on the safe side. */
const peak = 6
/** Machines are filled to this share, so that the busiest minute stays quick. */
const full = 0.5

/** Seconds of one core, of this class of machine. */
const cost = {
  keptShare: 0.8, // of readings, answered from memory
  keptWeb: 0.00012, // measured: 11,200/s on two cores, with the load's own part taken off
  freshWeb: 0.003, freshDatabase: 0.011, // measured: 14 ms, nearly all of it in PostgreSQL
  actWeb: 0.004, actDatabase: 0.006, actWorker: 0.008, // a post or reaction with what follows it; estimated from traces
  picture: 1.1, film: 45, // measured: a photo of 12 megapixels; a minute of film
}
/** Commits with a signal stand in a row: one after another, each as long as the disk takes to be sure (bench/commits.ts). */
const commitsAnAct = 2.5
/** Of storage, what a member's day adds. The first measured on the seeded community, pictures and films as kept (variants with them). */
const space = { databaseKB: day.posts * 3.2 + day.reactions * 0.5, mediaMB: day.pictures * 0.9 + day.films * 22 }
/** Memory that the database wants for what is read often, and a web process for an open stream. */
const memory = { hotKBAMember: 60, streamKB: 45, streamsShare: 0.06, baseGB: 0.9 }

type Machines = { name: string; web: number; database: number; replicas: number; worker: number; memoryGB: number; commitMs: number; shards: number; diskGB: number; bucket: boolean }
/** Cores by what they do; on one machine the same cores do it all, parted as they are needed. */
const one = (cores: number, memoryGB: number, diskGB: number, bucket = false): Machines => ({ name: `one: ${cores} core${cores > 1 ? 's' : ''}, ${memoryGB} GB, ${diskGB} GB disk${bucket ? ', media in a bucket' : ''}`, web: cores, database: 0, replicas: 0, worker: 0, memoryGB, commitMs: 1, shards: 1, diskGB, bucket })
const setups: Machines[] = [
  one(1, 2, 40), one(2, 4, 80), one(4, 8, 160), one(8, 32, 500), one(2, 4, 80, true), one(8, 32, 500, true),
  { name: 'three: database 8, web 4, worker 4 cores', web: 4, database: 8, replicas: 0, worker: 4, memoryGB: 32, commitMs: 0.5, shards: 1, diskGB: 1000, bucket: true },
  { name: 'thirty: database 32 + 4 replicas of 32, web 15 × 8, worker 10 × 8', web: 120, database: 32, replicas: 128, worker: 80, memoryGB: 256, commitMs: 0.25, shards: 1, diskGB: 8000, bucket: true },
  { name: 'a thousand: 200 databases of 16 cores, web 500 × 8, worker 300 × 8', web: 4000, database: 3200, replicas: 0, worker: 2400, memoryGB: 200 * 128, commitMs: 0.25, shards: 200, diskGB: 200 * 4000, bucket: true },
]

const perSecond = (aDay: number) => aDay * peak / 86_400
const acts = day.posts + day.reactions
/** Core seconds a second that one member costs in the busiest minute; media is worked through over the day, twice the average. */
const need = {
  web: perSecond(day.reads) * (cost.keptShare * cost.keptWeb + (1 - cost.keptShare) * cost.freshWeb) + perSecond(acts) * cost.actWeb,
  reading: perSecond(day.reads) * (1 - cost.keptShare) * cost.freshDatabase,
  writing: perSecond(acts) * cost.actDatabase,
  worker: perSecond(acts) * cost.actWorker + (day.pictures * cost.picture + day.films * cost.film) * 2 / 86_400,
  commits: perSecond(acts) * commitsAnAct,
}
const years = 2

/** How many members each part carries. */
function carries(setup: Machines): Record<string, number> {
  const alone = setup.database === 0
  const rows: Record<string, number> = alone
    ? { 'the cores': setup.web * full / (need.web + need.reading + need.writing + need.worker) }
    : {
        'web cores': setup.web * full / need.web,
        'worker cores': setup.worker * full / need.worker,
        // Spread over several, half of the readings of one home lie on other nodes: each asks more than one.
        'database cores': setup.replicas ? Math.min((setup.database * full) / (need.writing * 1.3), (setup.database + setup.replicas) * full / (need.writing * (1 + setup.replicas / setup.database * 0.4) + need.reading)) : setup.database * full / ((need.writing + need.reading) * (setup.shards > 1 ? 3 : 1)),
      }
  rows['commits, one after another'] = 1000 / setup.commitMs * full * setup.shards / need.commits
  rows['memory'] = (setup.memoryGB - memory.baseGB) * 1e6 * 0.6 / (memory.hotKBAMember + (alone ? memory.streamKB * memory.streamsShare : 0))
  rows[`the disk, in ${years} years`] = setup.diskGB * 0.8 * 1e6 / (365 * years * (space.databaseKB + (setup.bucket ? 0 : space.mediaMB * 1000)))
  return rows
}

const round = (value: number) => { const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1); return Math.floor(value / unit) * unit }
const spell = (value: number) => round(value).toLocaleString('en')
const results = setups.map((setup) => {
  const rows = Object.entries(carries(setup)).toSorted((a, b) => a[1] - b[1])
  return { setup, first: rows[0]!, second: rows[1]!, members: rows[0]![1] }
})

console.log('| Machines | Members | Posts a day | Media a month | Breaks first | Then |')
console.log('| --- | ---: | ---: | ---: | --- | --- |')
for (const { setup, first, second, members } of results) {
  console.log(`| ${setup.name} | ${spell(members)} | ${spell(members * day.posts)} | ${spell(members * space.mediaMB * 30 / 1000)} GB | ${first[0]} | ${second[0]}, at ${spell(second[1])} |`)
  tell({ name: setup.name, value: round(members), unit: 'members' })
}
const most = Math.log10(Math.max(...results.map((one) => one.members)))
console.log('')
for (const { setup, members } of results) console.log(`${setup.name.split(':')[0]!.padEnd(10)} ${'█'.repeat(Math.round(Math.log10(members) / most * 50))} ${spell(members)}`)

// The same as a picture, members on a scale of powers of ten.
const [left, top, step, width] = [330, 20, 34, 420]
const powers = Array.from({ length: Math.ceil(most) + 1 }, (_, at) => at)
const x = (members: number) => left + Math.log10(members) / Math.ceil(most) * width
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 90} ${top + step * results.length + 40}" font-family="sans-serif" font-size="13" role="img" aria-label="Members that machines carry, on a scale of powers of ten">
<rect width="100%" height="100%" fill="#fff"/>
${powers.map((power) => `<path d="M${x(10 ** power)} ${top}v${step * results.length}" stroke="#ddd"/><text x="${x(10 ** power)}" y="${top + step * results.length + 18}" text-anchor="middle" fill="#555">${(10 ** power).toLocaleString('en')}</text>`).join('\n')}
${results.map(({ setup, members }, at) => `<text x="${left - 10}" y="${top + at * step + 20}" text-anchor="end" fill="#222">${setup.name.split(/[,:] ?/).slice(0, 5).join(', ').replace(/ GB disk, media in a bucket/, ' GB, bucket').slice(0, 46)}</text><rect x="${left}" y="${top + at * step + 6}" width="${x(members) - left}" height="20" rx="3" fill="#b5532b"/><text x="${x(members) + 6}" y="${top + at * step + 21}" fill="#222">${spell(members)}</text>`).join('\n')}
</svg>
`
const folder = join(import.meta.dirname, 'results')
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'model.svg'), svg)
