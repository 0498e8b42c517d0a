import type { Architecture } from '../../ec2/images/image.js';

/** Variables that a build must be told to make an image, as those without a default in the example template. */
const required = [
  'NIGHTSHIFT_KEY',
  'NIGHTSHIFT_PRODUCT',
  'NIGHTSHIFT_VERSION',
  'NIGHTSHIFT_ARCH',
  'NIGHTSHIFT_BASE_OS',
  'NIGHTSHIFT_BASE_IMAGE',
] as const;

/** Tags of an image, by the variable that each has its value from. */
const tagVariables: Readonly<Record<string, string>> = {
  'nightshift:key': 'NIGHTSHIFT_KEY',
  'nightshift:line': 'NIGHTSHIFT_LINE',
  'nightshift:channel': 'NIGHTSHIFT_CHANNEL',
  'nightshift:product': 'NIGHTSHIFT_PRODUCT',
  'nightshift:version': 'NIGHTSHIFT_VERSION',
  'nightshift:arch': 'NIGHTSHIFT_ARCH',
  'nightshift:os': 'NIGHTSHIFT_BASE_OS',
  'nightshift:recipe': 'NIGHTSHIFT_RECIPE',
};

/** Values of a build's environment variables by name. */
export type Values = Readonly<Record<string, string>>;

/** Whether a build is told anything of an image. */
export function asksForImage(values: Values): boolean {
  return missingOf(values).length < required.length;
}

export function missingOf(values: Values): string[] {
  return required.filter((name) => (values[name] ?? '') === '');
}

/** A tag for each variable that has a value. */
export function tagsOf(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tagVariables).flatMap(([tag, name]) => {
      const value = values[name] ?? '';
      return value === '' ? [] : [[tag, value]];
    }),
  );
}

/** EC2's name for the architecture that a mirror may call otherwise. */
export function architectureOf(values: Values): Architecture {
  const arch = values['NIGHTSHIFT_ARCH'] ?? '';
  return arch === 'aarch64' || arch === 'arm64' ? 'arm64' : 'x86_64';
}

/** A name that EC2 takes, and that no other build's image has. */
export function imageName(values: Values, buildUuid: string): string {
  const parts = ['PRODUCT', 'VERSION', 'BASE_OS', 'ARCH'].map(
    (name) => values[`NIGHTSHIFT_${name}`] ?? '',
  );
  const [end = ''] = buildUuid.split('-');
  // As Packer's clean_resource_name does: what a name may not hold becomes a dash.
  return `${parts
    .join('-')
    .replaceAll(/[^\w()[\]./'@ -]/g, '-')
    .slice(0, 119)}-${end}`;
}
