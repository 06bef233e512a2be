// Typed rules: a promise nobody waits for and a case nobody handles are how orders get lost.

import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'];
const SCRIPTS = ['**/*.mjs', '**/*.cjs', '**/*.js', 'bin/tidegate'];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: one thing has one name everywhere.',
};

const everywhere = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'max-depth': ['error', 4],
  'no-var': 'error',
  'prefer-const': 'error',
  'no-unused-vars': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
};

const typed = {
  'no-restricted-syntax': ['error', noDefaultExport],
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/restrict-template-expressions': [
    'error',
    { allowNumber: true, allowBoolean: true },
  ],
  // Ports are asynchronous, and not every adapter has something to wait for.
  '@typescript-eslint/require-await': 'off',
};

export default defineConfig(
  { ignores: ['dist/', 'dist-web/', '.cache/', 'coverage/', 'node_modules/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: { ...everywhere, ...typed },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'max-params': ['error', 3] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // A test that is wrong about a value fails at once, which is what a test is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: SCRIPTS,
    extends: [tseslint.configs.recommended],
    rules: everywhere,
  },
  {
    files: ['**/*.cjs', '**/*.js', 'bin/tidegate'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
