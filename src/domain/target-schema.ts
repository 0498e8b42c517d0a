import { z } from 'zod';

/** An AWS account as Nightshift knows it: its 12-digit id and the name that the team uses. */
export const accountSchema = z.object({
  id: z.string().regex(/^\d{12}$/, 'an account id has 12 digits'),
  name: z.string().min(1),
});

/** A target is one account × region. */
export const targetSchema = z.object({
  account: accountSchema,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region looks like ap-southeast-2'),
});
