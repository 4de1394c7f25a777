import { glob, readFile } from 'node:fs/promises'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { front } from '../src/server/doors/http.ts'
import { settingNames } from '../src/server/platform/config/index.ts'
import { openWorld } from './world.ts'

/** Whatever YAML holds: lists have their places as keys. */
type Node = { readonly [key: string]: Node | undefined }
const listOf = (node: Node | undefined): Node[] => Object.values(node ?? {}).filter((one) => one !== undefined)
const documents = async (file: string) => parseAllDocuments(await readFile(file, 'utf8'), { merge: true }).map((document) => {
  expect([file, document.errors.map(String)]).toEqual([file, []])
  return document.toJS() as Node
})
const files = async (pattern: string) => {
  const found: string[] = []
  for await (const file of glob(pattern)) found.push(file)
  return found.toSorted()
}
/** Settings of the programs beside Hearth. */
const others = /^(?:POSTGRES_|AWS_|HEARTH_UPSTREAMS$)/

test('every setting that the compose files and manifests name is one of ours, and what each process needs is there', async () => {
  const named = new Set<string>()
  for (const file of await files('deploy/compose/*.yaml')) for (const { services } of await documents(file)) {
    for (const [name, service] of Object.entries(services ?? {})) {
      const environment = Object.keys(service?.environment ?? {})
      for (const setting of environment) named.add(setting)
      if (/^(hearth|web|worker)/.test(name)) expect([name, environment]).toEqual([name, expect.arrayContaining(['PUBLIC_URL', 'HOST', 'TRUSTED_PROXIES'])])
    }
  }
  const split = (await documents('deploy/compose/compose.split.yaml'))[0]?.services
  expect(['web1', 'web2', 'worker1', 'worker2'].map((name) => String(split?.[name]?.environment?.HEARTH_ROLES))).toEqual(['web', 'web', 'worker', 'worker'])
  expect(new Set(['web1', 'web2', 'worker1', 'worker2'].map((name) => String(split?.[name]?.environment?.DATABASE_URL))).size).toBe(1)
  const kinds: string[] = []
  for (const file of await files('deploy/kubernetes/*.yaml')) for (const document of await documents(file)) {
    const kind = String(document.kind)
    kinds.push(kind)
    for (const setting of Object.keys(document.data ?? document.stringData ?? {})) named.add(setting)
    const [container] = kind === 'Deployment' ? listOf(document.spec?.template?.spec?.containers) : []
    if (!container) continue
    for (const { name } of listOf(container.env)) named.add(String(name))
    expect(Object.keys(container)).toEqual(expect.arrayContaining(['startupProbe', 'livenessProbe', 'readinessProbe', 'resources', 'securityContext']))
    expect(String(container.resources?.limits?.memory)).toMatch(/Gi$/)
  }
  expect(kinds.filter((kind) => kind === 'PodDisruptionBudget')).toHaveLength(2)
  expect([...named].filter((name) => !others.test(name) && !settingNames.includes(name))).toEqual([])
})

test('every number that the dashboard and the alerts look at is told by /metrics', async () => {
  const world = await openWorld()
  const handle = await front(world.app, (_request, response) => { response.end('page') })
  const server = createServer((request, response) => handle(request, response))
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const { port } = server.address() as AddressInfo
  const told = await new Promise<string>((done) => { get({ host: '127.0.0.1', port, path: '/metrics' }, (response) => { let body = ''; response.on('data', (part) => { body += String(part) }); response.on('end', () => done(body)) }) })
  server.closeAllConnections()
  server.close()
  await world.close()
  const known = new Set([...told.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, kind]) => kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!]))
  const dashboard = JSON.parse(await readFile('deploy/grafana/hearth.json', 'utf8')) as { panels: { id: number; targets: { expr: string }[] }[] }
  const rules = listOf((await documents('deploy/prometheus/hearth.rules.yml'))[0]?.groups).flatMap((group) => listOf(group.rules))
  await documents('deploy/prometheus/prometheus.yml')
  const asked = [...dashboard.panels.flatMap((panel) => panel.targets.map((target) => target.expr)), ...rules.map((rule) => String(rule.expr))]
  const names = new Set(asked.flatMap((expression) => [...expression.matchAll(/\b(?:hearth|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name)))
  expect(names.size).toBeGreaterThan(15)
  expect([...names].filter((name) => !known.has(name))).toEqual([])
  // Every alert says what to do; every number of ours is looked at somewhere.
  for (const rule of rules) expect([rule.alert, Boolean(rule.annotations?.summary && rule.annotations?.description && rule.labels?.severity)]).toEqual([rule.alert, true])
  expect([...known].filter((name) => name.startsWith('hearth_') && !/_(sum|count)$/.test(name) && !names.has(name))).toEqual([])
})
