import { z } from 'zod';
import { NightshiftError } from '../errors.js';
import type { Account } from '../target.js';
import {
  accountIdSchema,
  regionNameSchema,
  globsSchema,
  keysGiven,
  listOf,
  text,
  textLike,
} from './fields.js';

const sources = ['ssm', 'list', 'organizations'] as const;

const organizationalUnitSchema = textLike(
  /^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/,
  'the id of an organizational unit or root, such as ou-ab12-34cd56ef',
);

const roleTemplateSchema = textLike(
  /^arn:aws[\w-]*:iam::(\{accountId\}|\d{12}):role\/[\w+=,.@/-]*(\{account(Id|Name)\}[\w+=,.@/-]*)*$/,
  'a role ARN in which {accountId} and {accountName} stand for the account, such as arn:aws:iam::{accountId}:role/nightshift-spoke',
);

/** Which accounts to work in and how to get into them. */
export const accountsSchema = z
  .strictObject({
    ssm: z
      .strictObject({
        path: textLike(/^(\/[\w.-]+)+\/?$/, 'an SSM path, such as /nightshift/accounts').describe(
          'Each parameter below this path is an account: its name the last part, its value the account id.',
        ),
        region: regionNameSchema
          .optional()
          .describe(
            'The region to read the parameters in; that of the base credentials when absent.',
          ),
      })
      .optional()
      .describe('Accounts from SSM parameters in the management account.'),
    list: listOf(
      z.strictObject({
        name: text('the name of the account').describe('What the team calls the account.'),
        id: accountIdSchema.describe('The 12-digit account id, in quotes.'),
      }),
      'accounts, each with a name and an id',
    )
      .optional()
      .describe('Accounts written out here.'),
    organizations: z
      .strictObject({
        ou: z
          .union([
            organizationalUnitSchema,
            listOf(organizationalUnitSchema, 'organizational unit ids'),
          ])
          .optional()
          .describe('Only the accounts below these organizational units; all when absent.'),
      })
      .optional()
      .describe('The active accounts of AWS Organizations.'),
    role: roleTemplateSchema
      .optional()
      .describe(
        'The role to assume in each account; {accountId} and {accountName} are filled in. Absent: the base credentials as they are.',
      ),
    externalId: text('the external id that the role expects')
      .max(1224)
      .optional()
      .describe('The external id that the trust policy of the role asks for.'),
    sessionName: textLike(
      /^[\w+=,.@-]{2,64}$/,
      '2 to 64 of the characters a-z A-Z 0-9 _ + = , . @ -',
    )
      .default('nightshift')
      .describe('The session name that CloudTrail shows.'),
    include: globsSchema
      .optional()
      .describe('Only accounts whose name or id matches one of these globs.'),
    exclude: globsSchema
      .optional()
      .describe('Never accounts whose name or id matches one of these globs; wins over include.'),
    allowedIds: listOf(accountIdSchema, 'account ids')
      .optional()
      .describe(
        'Rail: a run is refused when an account it found, by whatever name, has another id than these.',
      ),
  })
  .superRefine((accounts, context) => {
    const given = keysGiven(accounts, sources);
    if (given.length !== 1) {
      const found = given.length === 0 ? 'none is given' : `${given.join(' and ')} are given`;
      context.addIssue({
        code: 'custom',
        message: `must hold exactly one of ssm, list and organizations; ${found}`,
      });
    }
    checkList(accounts.list ?? [], context);
    checkRole(accounts.role, accounts.list, context);
  })
  .meta({ oneOf: sources.map((source) => ({ required: [source] })) });
export type Accounts = z.infer<typeof accountsSchema>;

/** Where accounts come from. */
export type AccountSource =
  | { kind: 'ssm'; path: string; region?: string | undefined }
  | { kind: 'list'; accounts: Account[] }
  /** No organizational units: the whole organization. */
  | { kind: 'organizations'; organizationalUnits: string[] };

export function accountSource({ ssm, list, organizations }: Accounts): AccountSource {
  if (ssm) return { kind: 'ssm', ...ssm };
  if (list) return { kind: 'list', accounts: list };
  // Not the last resort it looks like: unparsed accounts must not widen to a whole organization.
  if (!organizations) throw new NightshiftError('Internal', 'accounts have no source');
  return { kind: 'organizations', organizationalUnits: [organizations.ou ?? []].flat() };
}

function checkList(list: readonly Account[], context: z.RefinementCtx): void {
  for (const key of ['name', 'id'] as const) {
    list.forEach((account, index) => {
      const first = list.findIndex((other) => other[key] === account[key]);
      if (first === index) return;
      context.addIssue({
        code: 'custom',
        path: ['list', index, key],
        message: `must differ from that of accounts.list[${first}]`,
      });
    });
  }
}

// One fixed account in the role for many accounts would do in one what was planned for another.
function checkRole(
  role: string | undefined,
  list: readonly Account[] | undefined,
  context: z.RefinementCtx,
): void {
  const fixed = role && /^[^:]+:[^:]+:iam::(\d{12}):/.exec(role)?.[1];
  if (!fixed || (list?.length === 1 && list[0]?.id === fixed)) return;
  context.addIssue({
    code: 'custom',
    path: ['role'],
    message: `must have {accountId} where ${fixed} stands, so that the role assumed is that of the account`,
  });
}
