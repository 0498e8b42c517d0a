import type { ItemKind } from '../../cleanup/plan.js';

const everywhere = [
  'auto-tag-user',
  'copy-related-tag',
  'delete',
  'invoke-lambda',
  'invoke-sfn',
  'mark-for-op',
  'notify',
  'post-finding',
  'post-item',
  'put-metric',
  'remove-tag',
  'tag',
  'webhook',
] as const;

/** Custodian's actions by resource (c7n 0.9.53): what a resource may be marked for. */
export const actionNames: Readonly<Record<ItemKind, readonly string[]>> = {
  stack: [...everywhere, 'set-protection'],
  bucket: [
    ...everywhere,
    'attach-encrypt',
    'configure-lifecycle',
    'delete-bucket-notification',
    'delete-global-grants',
    'encrypt-keys',
    'encryption-policy',
    'no-op',
    'remove-statements',
    'remove-website-hosting',
    'set-bucket-encryption',
    'set-intelligent-tiering',
    'set-inventory',
    'set-public-block',
    'set-replication',
    'set-statements',
    'toggle-logging',
    'toggle-versioning',
    'unmark',
  ],
  'rds-snapshot': [
    ...everywhere,
    'mark',
    'region-copy',
    'rename-tag',
    'restore',
    'set-permissions',
    'unmark',
    'untag',
  ],
};
