import type { InputIssue } from '../../errors.js';
import { InvalidInputError } from '../../errors.js';
import type { Policy } from '../policy.js';
import { Place } from './place.js';
import { parsePolicy } from './policy.js';

/**
 * Reads the policies of a Cloud Custodian document: a parsed YAML or JSON file.
 *
 * `source` names the file in errors. Throws InvalidInputError with everything that is wrong in the
 * document, each with its path (`policies[0].filters[1].op`) and what is allowed; what Custodian
 * knows and Nightshift doesn't is refused by its name.
 */
export function parsePolicies(document: unknown, source: string): Policy[] {
  const issues: InputIssue[] = [];
  const policies = readDocument(new Place(document, { source, issues }));
  if (issues.length > 0) {
    throw new InvalidInputError(issues, { hint: 'docs/policies.md lists what policies may hold' });
  }
  return policies;
}

function readDocument(document: Place): Policy[] {
  const fields = document.asMap();
  if (!fields) return [];
  for (const [key, place] of fields) {
    // `vars` holds anchors; YAML has put them where they are used.
    if (key !== 'policies' && key !== 'vars') {
      place.refuse(`a policy file has no key \`${key}\`; there are policies, vars`);
    }
  }
  const list = fields.get('policies') ?? document.at('policies', undefined);
  const names = new Set<string>();
  return (list.asList() ?? []).flatMap((place) => {
    const policy = parsePolicy(place);
    if (!policy) return [];
    if (names.has(policy.name)) {
      place
        .at('name', policy.name)
        .refuse(`the name ${policy.name} is used twice; each name may be used once`);
    }
    names.add(policy.name);
    return [policy];
  });
}
