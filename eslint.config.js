import tseslint from 'typescript-eslint';

// What is built on the rest: the domain, and whatever speaks to one outside service, know none of it.
const above = [
  'activities',
  'workflows',
  'client',
  'cli',
  'config',
  'report',
  'temporal',
  'telemetry',
];

// Imports point one way (see "Layout" in CONTRIBUTING.md): a folder may import nothing of its row.
const layers = {
  domain: [...above, 'aws'],
  aws: above,
  secrets: [...above, 'aws', 'buildkite', 'gitlab', 'http', 'mirrors'],
  http: [...above, 'aws', 'buildkite', 'gitlab', 'mirrors'],
  buildkite: [...above, 'gitlab', 'mirrors'],
  gitlab: [...above, 'aws', 'buildkite', 'mirrors'],
  mirrors: [...above, 'aws', 'buildkite', 'gitlab'],
  config: [...above.filter((folder) => folder !== 'config'), 'aws'],
  report: [...above.filter((folder) => folder !== 'report'), 'aws'],
  workflows: ['aws', 'client', 'cli', 'config', 'report', 'temporal', 'telemetry'],
  activities: ['workflows', 'client', 'cli', 'telemetry'],
  client: ['aws', 'buildkite', 'secrets', 'cli', 'report'],
  temporal: ['activities', 'workflows', 'aws', 'client', 'cli', 'report'],
};

// The domain has folders of these names, too: its config is the schema, not the file. So have those of Buildkite.
const own = ['!**/domain/**'];
// Within the domain, where that would say nothing, a path names its own level.
const groupOf = (folder, others) =>
  folder === 'domain'
    ? others.flatMap((o) => [`../../../${o}/**`, ...(o === 'config' ? [] : [`**/${o}/**`])])
    : [...others.map((o) => `**/${o}/**`), ...own];

const forbid = (folder, others) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [...groupOf(folder, others), '**/sandbox/**'],
            message: `src/${folder} may not import this folder`,
            ...(folder === 'workflows' ? { allowTypeImports: true } : {}),
          },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.nightshift/**', 'coverage/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A message of a workflow may answer nothing: defineUpdate<void, […]>.
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  ...Object.entries(layers).map(([folder, others]) => forbid(folder, others)),
  {
    // The domain runs in a workflow, an activity, a test or a browser alike.
    files: ['src/domain/**/*.ts', 'src/workflows/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch', 'require'] },
  },
  {
    // This rule of typescript-eslint 8.73 overflows the stack on recursive types, such as Json.
    files: ['src/domain/policy/**/*.ts', 'test/**/policy/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: ['test/**/*.ts', 'sandbox/**/*.test.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
