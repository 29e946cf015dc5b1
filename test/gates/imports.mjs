/**
 * Who may know whom: the allow-list of the house, for dependency-cruiser. A folder that is not named on the right of another's row may
 * not be imported there.
 */
const mayImport = {
  'packages/model': [],
  'packages/otlp': [],
  'packages/api': ['packages/model'],
  'packages/store': ['packages/model', 'packages/otlp', 'packages/api'],
  'packages/agent': [],
  // How a machine is named (@sonde/agent/host): both must say the same.
  'packages/host-agent': ['packages/agent'],
  'packages/shop': [],
  collector: ['packages/model', 'packages/otlp', 'packages/store', 'packages/api'],
  ui: ['packages/model', 'packages/api'],
};

const notATest = '\\.test\\.tsx?$|/testing/';

const workspaces = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder} may import ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${folder}/src` },
  to: { path: '^(packages|collector|ui)/', pathNot: `^(${[folder, ...allowed].join('|')})/` },
}));

/** One library, one home. */
const homes = [
  { library: '(chdb|@clickhouse)', home: '^packages/store/src' },
  { library: 'echarts', home: '^ui/src/charts/' },
  // Loaded only where they are configured: each is a fifth of the host agent's memory.
  { library: 'mongodb', home: '^packages/host-agent/src/receivers/mongodb/' },
  { library: 'kafkajs', home: '^packages/host-agent/src/receivers/kafka/' },
].map(({ library, home }) => ({
  name: `only ${home} knows ${library}`,
  severity: 'error',
  from: { path: '^(packages|collector|ui)/', pathNot: `${home}|${notATest}` },
  to: { path: `node_modules/${library}(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...workspaces,
    ...homes,
    {
      name: 'model and otlp depend on nothing',
      severity: 'error',
      from: { path: '^packages/(model|otlp)/src', pathNot: notATest },
      // `buffer` has the UTF-8 check of the platform, and no I/O.
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '^packages/|^(node:)?buffer$' },
    },
    {
      name: 'a feature never imports another feature',
      severity: 'error',
      from: { path: '^ui/src/features/([^/]+)/' },
      to: { path: '^ui/src/features/', pathNot: '^ui/src/features/$1/' },
    },
    {
      name: 'base knows nothing above it',
      severity: 'error',
      from: { path: '^ui/src/base/' },
      to: { path: '^ui/src/(charts|widgets|features|app)/' },
    },
    {
      name: 'charts and widgets know no feature and no app',
      severity: 'error',
      from: { path: '^ui/src/(charts|widgets)/' },
      to: { path: '^ui/src/(features|app)/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { pathNot: 'node_modules' } } },
    { name: 'everything resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\.(css|svg)$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages/[^/]+|collector|ui)/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@sonde/source', 'import', 'node', 'default', 'types'],
    },
  },
};
