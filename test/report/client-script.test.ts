import ts from 'typescript';
import { expect, it } from 'vitest';
import { clientScript, plainScript } from '../../src/report/html/browser/index.js';

it.each([
  ['a run', clientScript],
  ['a line', plainScript],
])('the script of %s’s page has no type error, checked as strictly as the rest', (_, script) => {
  const fileName = '/page-script.js';
  const options: ts.CompilerOptions = {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) =>
    name === fileName ? ts.createSourceFile(name, script, target) : read(name, target);
  host.fileExists = (name) => name === fileName || ts.sys.fileExists(name);
  const program = ts.createProgram([fileName], options, host);
  const messages = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const line = script.split('\n')[at?.line ?? 0] ?? '';
    return `${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')} in: ${line.trim()}`;
  });
  expect(messages).toEqual([]);
});
