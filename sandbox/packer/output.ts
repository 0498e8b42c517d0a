/** What `packer build` writes for an amazon-ebs source called `image`, a line each and without their line breaks. */

const source = 'amazon-ebs.image';
const step = (text: string) => `==> ${source}: ${text}`;
const detail = (text: string) => `    ${source}: ${text}`;

export interface Machine {
  /** The image to be. */
  name: string;
  baseImage: string;
  instanceId: string;
  os: string;
  /** `gitlab-runner-16.10.0-1` */
  package: string;
}

export function opening({ name, baseImage, instanceId }: Machine): string[] {
  return [
    `${source}: output will be in this color.`,
    '',
    step('Prevalidating any provided VPC information'),
    step(`Prevalidating AMI Name: ${name}`),
    detail(`Found Image ID: ${baseImage}`),
    step('Launching a source AWS instance...'),
    detail(`Instance ID: ${instanceId}`),
    step(`Waiting for instance (${instanceId}) to become ready...`),
  ];
}

/** Spread over the time until the image is created. */
export function provisioning({ os, package: installed }: Machine): string[] {
  return [
    step('Connected to SSH!'),
    step('Provisioning with Ansible...'),
    detail('PLAY [Make the image] **********************************************************'),
    detail('TASK [Gathering Facts] *********************************************************'),
    detail(`ok: [default] (${os})`),
    detail(`TASK [Install ${installed}] `.padEnd(84, '*')),
    detail('changed: [default]'),
    detail('TASK [See that this very version is there] *************************************'),
    detail('ok: [default]'),
    detail('PLAY RECAP *********************************************************************'),
    detail('default : ok=3 changed=1 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0'),
  ];
}

export function created({ name, instanceId }: Machine, imageId: string): string[] {
  return [
    step('Stopping the source instance...'),
    step(`Creating AMI ${name} from instance ${instanceId}`),
    detail(`AMI: ${imageId}`),
    step('Waiting for AMI to become ready...'),
  ];
}

/** @param seconds that the whole run took */
export function finished(images: Readonly<Record<string, string>>, seconds: number): string[] {
  const took = inWords(seconds);
  return [
    step('Terminating the source AWS instance...'),
    step('Running post-processor: manifest'),
    `Build '${source}' finished after ${took}.`,
    '',
    `==> Wait completed after ${took}`,
    '',
    '==> Builds finished. The artifacts of successful builds are:',
    `--> ${source}: AMIs were created:`,
    ...Object.entries(images).map(([region, id]) => `${region}: ${id}`),
    '',
  ];
}

export function errored(reason: string, seconds: number): string[] {
  const took = inWords(seconds);
  return [
    step(reason),
    step('Terminating the source AWS instance...'),
    step('Cleaning up any extra volumes...'),
    `Build '${source}' errored after ${took}: ${reason}`,
    '',
    `==> Wait completed after ${took}`,
    '',
    "==> Some builds didn't complete successfully and had errors:",
    `--> ${source}: ${reason}`,
    '',
    '==> Builds finished but no artifacts were created.',
  ];
}

/** What it says of a template whose variables lack a value, before it builds anything. */
export function unset(variables: readonly string[]): string[] {
  return variables.flatMap((name) => [
    `Error: ${name} is not set`,
    '',
    '  on image.pkr.hcl, in the validation of its variable.',
    '',
  ]);
}

function inWords(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = `${whole % 60} seconds`;
  return minutes === 0 ? rest : `${minutes} minutes ${rest}`;
}
