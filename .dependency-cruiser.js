// The rooms and the arrows between them. `npm run rooms` fails when an arrow points the wrong way.
// Low to high: a domain folder may use the ones before it, never the ones after.
const ladder = ['instance', 'withholding', 'accounts', 'apps', 'sessions', 'relationships', 'filters', 'lists', 'media', 'hashes', 'cards', 'emojis', 'invitations', 'posts', 'timelines', 'conversations', 'scheduled', 'featured', 'search', 'discovery', 'notifications', 'markers', 'push', 'webhooks', 'cases', 'trust', 'imports', 'screening', 'moderation', 'appeals', 'desk', 'vault', 'orders', 'transparency', 'operations', 'streams']
const domain = (names) => `^src/server/domain/(${names.join('|')})/`
const tests = '[.]test[.]ts$'

const upTheLadder = ladder.slice(0, -1).map((name, step) => ({
  name: `no-climbing-from-${name}`, severity: 'error',
  comment: 'Lower rooms do not know higher ones. Write an event; src/server/events.ts decides who listens.',
  from: { path: domain([name]), pathNot: tests }, to: { path: domain(ladder.slice(step + 1)) },
}))

const wall = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })

export default {
  forbidden: [
    wall('no-circles', { pathNot: tests }, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }, 'Two files that need each other are one file, or three.'),
    wall('platform-knows-nobody', { path: '^src/server/platform/', pathNot: tests }, { path: '^src/', pathNot: '^src/server/platform/' }, 'The platform could be lifted into another project.'),
    wall('domain-has-no-doors', { path: '^src/server/domain/', pathNot: tests }, { path: '^src/(server/(doors|start|events|app|make-app)|routes|ui|main)', dependencyTypesNot: ['type-only'] },
      'The domain does not know how it was asked.'),
    wall('enter-by-the-front', { path: '^src/server/domain/([^/]+)/' }, { path: '^src/server/domain/', pathNot: ['^src/server/domain/$1/', '/index\\.ts$'] }, 'Neighbours use index.ts.'),
    wall('visitors-enter-by-the-front', { path: '^src/', pathNot: '^src/server/domain/' }, { path: '^src/server/domain/', pathNot: '/index\\.ts$', dependencyTypesNot: ['type-only'] }, 'Everyone else too.'),
    wall('entities-have-no-doors', { path: '^src/server/entities/', pathNot: tests }, { path: '^src/(server/(doors|start|events|app|make-app)|routes|ui|main)', dependencyTypesNot: ['type-only'] }, 'How things are said does not know who asked.'),
    wall('domain-says-nothing', { path: '^src/server/domain/' }, { path: '^src/server/entities/' }, 'The domain has views; what the client API calls them is decided above it.'),
    wall('doors-hold-no-sql', { path: '^src/(server/doors|routes|hooks)', pathNot: tests }, { path: '^src/server/platform/db/', dependencyTypesNot: ['type-only'] }, 'Only queries.ts speaks SQL.'),
    wall('only-queries-speak-sql', { path: '^src/server/domain/', pathNot: ['/queries[^/]*$', tests] }, { path: '^src/server/platform/db/sql' },
      'A verb may open a transaction; only queries.ts may unwrap it.'),
    wall('doors-stay-apart', { path: '^src/server/doors/([^/]+)/' }, { path: '^src/server/doors/', pathNot: '^src/server/doors/$1/' }, 'A door that needs another door has found something for the domain.'),
    wall('pages-skip-the-api', { path: '^src/routes/' }, { path: '^src/server/doors/' }, 'Pages call the domain, not our own API.'),
    wall('browser-code-is-only-ui', { path: '^src/ui/', pathNot: ['[.]server[.]ts$', tests] }, { path: '^src/server/', dependencyTypesNot: ['type-only'] }, 'The browser gets types, never code.'),
    wall('nobody-imports-main', { path: '^src/' }, { path: '^src/main[.]ts$' }, 'Where everything meets is where nothing else begins.'),
    ...upTheLadder,
  ],
  options: {
    tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'], extensions: ['.ts', '.js', '.svelte'] },
  },
}
