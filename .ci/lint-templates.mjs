// Checks each CloudFormation template that a team deploys with cfn-lint.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pythonEnv } from '../scripts/python-env.mjs';

const root = join(import.meta.dirname, '..');
const templates = ['deploy/iam', 'examples/codebuild', 'examples/packer'].flatMap((folder) => {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml'));
  if (names.length === 0) throw new Error(`no templates in ${folder}`);
  return names.map((name) => `${folder}/${name}`);
});

const python = await pythonEnv('cfn-lint', join(import.meta.dirname, 'requirements.txt'));
// The environment has moved since it was made, so the script in its bin/ can't be used.
const cfnLint = 'import sys; from cfnlint.runner import main; sys.exit(main())';
let failed = 0;
for (const template of templates) {
  const { status } = spawnSync(python, ['-c', cfnLint, join(root, template)], {
    stdio: 'inherit',
  });
  console.log(`${template}: ${status === 0 ? 'clean' : `cfn-lint ended with ${status}`}`);
  if (status !== 0) failed += 1;
}
console.log(`${templates.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
