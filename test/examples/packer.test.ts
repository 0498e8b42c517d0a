import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { imagesSchema } from '../../src/domain/config/images.js';
import { manifestInLine, manifestMarker, parseManifest } from '../../src/domain/images/manifest.js';
import { imageTags } from '../../src/domain/images/tags.js';
import { packageRoot } from '../../src/temporal/package-root.js';
import { buildContainer, type Buildspec, type Container } from './codebuild/build-container.js';

const folder = join(packageRoot(), 'examples/packer');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

const buildspecSchema = z.object({
  version: z.literal(0.2),
  phases: z.record(z.string(), z.object({ commands: z.array(z.string()).min(1) })),
  artifacts: z.object({ files: z.array(z.string()) }),
});
const buildspec = buildspecSchema.parse(parse(read('buildspec.yml')));

const told = {
  NIGHTSHIFT_KEY: 'gitlab-runner/dev/gitlab-runner/al2023/x86_64/2:16.10.0~rc1-1',
  NIGHTSHIFT_PRODUCT: 'gitlab-runner',
  NIGHTSHIFT_VERSION: '2:16.10.0~rc1-1',
  NIGHTSHIFT_ARCH: 'x86_64',
  NIGHTSHIFT_BASE_OS: 'al2023',
  NIGHTSHIFT_BASE_IMAGE: 'ami-0123456789abcdef0',
  NIGHTSHIFT_REGION: 'ap-southeast-2',
};
const made = 'ami-0fedcba9876543210';

/** As Packer's manifest post-processor lays it out. */
const manifest = (run: string, image: string) =>
  JSON.stringify(
    {
      builds: [
        {
          name: 'image',
          builder_type: 'amazon-ebs',
          build_time: 1790000000,
          files: null,
          artifact_id: `ap-southeast-2:${image}`,
          packer_run_uuid: run,
          custom_data: { key: told.NIGHTSHIFT_KEY, version: '"quoted" \n and broken' },
        },
      ],
      last_run_uuid: run,
    },
    null,
    2,
  );

function onPath(tool: string): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((each) => join(each, tool))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`this machine has no ${tool}`);
  return found;
}

/** Puts a program on the container's PATH, in place of the link to the machine's own if there is one. */
function install(container: Container, name: string, script: string): void {
  rmSync(join(container.folder, 'bin', name), { force: true });
  container.install(name, script);
}

describe('a build with examples/packer/buildspec.yml', () => {
  let container: Container;

  beforeEach(() => {
    container = buildContainer();
    install(container, 'jq', `exec ${onPath('jq')} "$@"`);
    install(container, 'ansible-playbook', 'exit 0');
    packer('0');
    const aws = `echo "$@" >>${join(container.folder, 'aws')}`;
    install(container, 'aws', aws);
  });

  /** Stands for Packer: notes what it is called with, and writes a manifest where it builds. */
  function packer(exitStatus: string): void {
    writeFileSync(join(container.folder, 'made.json'), manifest('new', made));
    install(
      container,
      'packer',
      `echo "packer $*" >>${join(container.folder, 'packer')}
[ "$1" = build ] || exit 0
[ ! -e manifest.json ] || exit 9
[ ${exitStatus} = 0 ] && cp ${join(container.folder, 'made.json')} manifest.json
exit ${exitStatus}`,
    );
    install(container, 'cp', `exec ${onPath('cp')} "$@"`);
  }

  const run = (env: Record<string, string> = {}) =>
    container.run(buildspec satisfies Buildspec, { ...told, ...env });
  const noted = (name: string) => {
    const path = join(container.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  };
  const manifestLines = (output: string) =>
    output.split('\n').filter((line) => line.includes(manifestMarker));

  it('prints Packer’s manifest on a line that Nightshift reads', async () => {
    const { exitStatus, output } = await run();
    expect(exitStatus, output).toBe(0);
    const [line, ...others] = manifestLines(output);
    expect(others).toEqual([]);
    expect(parseManifest(manifestInLine(line ?? '') ?? '')).toEqual({ 'ap-southeast-2': made });
    expect(noted('packer')).toEqual([
      'packer init .',
      'packer validate .',
      'packer build -color=false .',
    ]);
  });

  it('tells of no image of a run before', async () => {
    const old = manifest('old', 'ami-00000000000000000');
    writeFileSync(join(container.source, 'manifest.json'), old);
    const { output } = await run();
    expect(manifestLines(output)).toHaveLength(1);
    expect(output).not.toContain('ami-00000000000000000');
  });

  it('ends as Packer ends, and prints no manifest then', async () => {
    packer('3');
    const { exitStatus, failed, output } = await run();
    expect([exitStatus, failed]).toEqual([3, 'packer build -color=false .']);
    expect(output).not.toContain(manifestMarker);
  });

  it.each(Object.keys(told))('names %s where it is missing, and starts nothing', async (name) => {
    const { exitStatus, output } = await run({ [name]: '' });
    expect(exitStatus).not.toBe(0);
    expect(output).toContain(`Not set: ${name}.`);
    expect(noted('packer')).toEqual([]);
  });

  it('publishes nothing unless it is told where', async () => {
    await run();
    expect(noted('aws')).toEqual([]);
  });

  it('publishes the image under a name that SSM takes', async () => {
    const { exitStatus, output } = await run({ PUBLISH_PATH: '/images' });
    expect(exitStatus, output).toBe(0);
    const name = '/images/gitlab-runner/al2023/x86_64/2_16.10.0_rc1-1';
    expect(noted('aws')).toEqual([
      `ssm put-parameter --region ap-southeast-2 --name ${name} --value ${made} --type String --data-type aws:ec2:image --overwrite`,
    ]);
    expect(output).toContain(`published ${made} as ${name}`);
  });

  it('publishes nothing of a build that has failed', async () => {
    const { exitStatus } = await run({ PUBLISH_PATH: '/images', CODEBUILD_BUILD_SUCCEEDING: '0' });
    expect(exitStatus).toBe(0);
    expect(noted('aws')).toEqual([]);
  });

  it('leaves the manifest for the artifact', async () => {
    await run();
    for (const file of buildspec.artifacts.files)
      expect(parseManifest(readFileSync(join(container.source, file), 'utf8'))).toEqual({
        'ap-southeast-2': made,
      });
  });

  it('downloads Packer and Ansible where the image has neither, and checks what it has got', async () => {
    const bare = buildContainer();
    install(bare, 'jq', `exec ${onPath('jq')} "$@"`);
    install(bare, 'uname', 'echo aarch64');
    install(bare, 'pip3', `echo "$@" >${join(bare.folder, 'pip')}`);
    // The archive is the program itself; a checksum that doesn't fit is of another file.
    const program = `#!/bin/sh\n[ "$1" != build ] || printf '%s' '${JSON.stringify(JSON.parse(manifest('new', made)))}' >manifest.json\n`;
    writeFileSync(join(bare.folder, 'program'), program);
    const curl = (sums: string) =>
      install(
        bare,
        'curl',
        `while [ "$1" != -o ]; do shift; done
echo "$3" >>${join(bare.folder, 'urls')}
case "$3" in
  *.zip) ${onPath('cat')} ${join(bare.folder, 'program')} >"$2" ;;
  *) ${sums} >"$2" ;;
esac`,
      );
    install(bare, 'unzip', `${onPath('cat')} "$3" >"$6/packer"; ${onPath('chmod')} +x "$6/packer"`);
    const archive = 'packer_1.14.2_linux_arm64.zip';

    curl(`printf '%064d  ${archive}\\n' 0`);
    const refused = await bare.run(buildspec, told);
    expect(refused.exitStatus).not.toBe(0);
    expect(refused.output).not.toContain(manifestMarker);

    curl(
      `${onPath('sha256sum')} ${join(bare.folder, 'program')} | ${onPath('sed')} 's# .*#  ${archive}#'`,
    );
    const { exitStatus, output } = await bare.run(buildspec, told);
    expect(exitStatus, output).toBe(0);
    expect(manifestLines(output)).toHaveLength(1);
    expect(readFileSync(join(bare.folder, 'pip'), 'utf8')).toMatch(/ansible-core==2\.17\.7\n$/);
    expect(readFileSync(join(bare.folder, 'urls'), 'utf8')).toContain(
      `https://releases.hashicorp.com/packer/1.14.2/${archive}\n`,
    );
  });
});

describe('image.pkr.hcl', () => {
  const text = read('image.pkr.hcl');

  it('reads each variable that an image is made of, and refuses to begin without it', () => {
    for (const name of Object.keys(told)) {
      const [, rest = ''] = text.split(`env("${name}")`);
      expect(rest.slice(0, rest.indexOf('\n}')), name).toContain('validation {');
      expect(rest.slice(0, rest.indexOf('\n}')), name).toContain(name);
    }
  });

  it('gives the image, its snapshots and what Packer runs the tags that Nightshift looks for', () => {
    const { source: _source, state: _state, ...own } = imageTags;
    for (const tag of Object.values(own)) expect(text).toMatch(new RegExp(`"${tag}" += var\\.`));
    for (const where of ['run_tags', 'run_volume_tags', 'tags', 'snapshot_tags'])
      expect(text).toMatch(new RegExp(`^ +${where} += local\\.tags$`, 'm'));
  });

  it('makes its images with the amazon-ebs source, and a manifest', () => {
    expect(text).toContain('source "amazon-ebs" "image" {');
    expect(text).toMatch(/post-processor "manifest" \{\n +output +="? ?"manifest\.json"/);
  });
});

describe('playbook.yml', () => {
  const playSchema = z.looseObject({
    vars: z.record(z.string(), z.union([z.string(), z.boolean()])),
    tasks: z.array(z.looseObject({ name: z.string() })).min(1),
  });
  const [play] = z.tuple([playSchema]).parse(parse(read('playbook.yml')));

  it('installs exactly the version that it is told, and fails when another one is there', () => {
    expect(play.vars['evr']).toContain('NIGHTSHIFT_VERSION');
    expect(play.vars['wanted']).toContain('~ evr)');
    const modules = play.tasks.map((task) =>
      Object.keys(task).find((key) => key.startsWith('ansible.builtin.')),
    );
    expect(modules.indexOf('ansible.builtin.dnf')).toBeGreaterThan(0);
    expect(modules.indexOf('ansible.builtin.apt')).toBeGreaterThan(0);
    const check = play.tasks[modules.lastIndexOf('ansible.builtin.assert')];
    expect(check).toMatchObject({
      'ansible.builtin.assert': { that: 'installed == evr' },
      loop: '{{ packages }}',
    });
    expect(modules.lastIndexOf('ansible.builtin.assert')).toBeGreaterThan(
      modules.indexOf('ansible.builtin.apt'),
    );
  });

  it('reads no variable that README.md doesn’t name', () => {
    const names = Object.values(play.vars).flatMap((value) =>
      [...String(value).matchAll(/builtin\.env', '(\w+)'/g)].map(([, name = '']) => name),
    );
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(read('README.md')).toContain(`\`${name}\``);
  });
});

describe('README.md of examples/packer', () => {
  const blocks = [...read('README.md').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text = '']): unknown => parse(text),
  );

  it('shows a line that Nightshift takes as it stands', () => {
    const { images } = z.object({ images: z.unknown() }).parse(blocks[0]);
    expect(imagesSchema.parse(images)).toMatchObject([
      { line: 'gitlab-runner', builder: { codebuild: { project: 'image-build' } } },
    ]);
  });

  it('shows a base OS with variables of its own that Nightshift takes', () => {
    const { images } = z.object({ images: z.tuple([z.looseObject({})]) }).parse(blocks[0]);
    const { baseOs } = z.object({ baseOs: z.unknown() }).parse(blocks[1]);
    expect(() => imagesSchema.parse([{ ...images[0], baseOs }])).not.toThrow();
  });
});
