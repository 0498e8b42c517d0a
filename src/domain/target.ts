import { z } from 'zod';

/** An AWS account as Nightshift knows it: its 12-digit id and the name that the team uses. */
export const accountSchema = z.object({
  id: z.string().regex(/^\d{12}$/, 'an account id has 12 digits'),
  name: z.string().min(1),
});
export type Account = z.infer<typeof accountSchema>;

/** A target is one account × region. */
export const targetSchema = z.object({
  account: accountSchema,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region looks like ap-southeast-2'),
});
export type Target = z.infer<typeof targetSchema>;

/** `dev-1/us-east-1`: how a target is written for people. */
export function targetName(target: Target): string {
  return `${target.account.name}/${target.region}`;
}

/** `111111111111/us-east-1`: how a target is written in ids. Account ids are never reused, names are. */
export function targetKey(target: Target): string {
  return `${target.account.id}/${target.region}`;
}
