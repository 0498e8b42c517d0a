import { History } from '../history.js';

export type TagMap = ReadonlyMap<string, string>;

/** A resource as an account tags it: the tags that one account puts on an image aren't another's. */
export interface Tagged {
  accountId: string;
  region: string;
  resourceId: string;
}

const none: TagMap = new Map();

/** The tags of every resource. */
export class Tags {
  private readonly histories = new Map<string, { of: Tagged; history: History<TagMap> }>();

  /** What is true now or, with a time, what was then. */
  of(tagged: Tagged, time?: number): TagMap {
    const history = this.histories.get(keyOf(tagged))?.history;
    return (time === undefined ? history?.latest : history?.at(time)) ?? none;
  }

  /** Puts these in place of all that it has. */
  set(tagged: Tagged, time: number, tags: TagMap): void {
    const known = this.histories.get(keyOf(tagged));
    if (known) known.history.change(time, tags);
    else
      this.histories.set(keyOf(tagged), { of: tagged, history: new History<TagMap>(time, tags) });
  }

  /** The resources that an account has ever tagged in a region. */
  tagged(accountId: string, region: string): Tagged[] {
    return [...this.histories.values()]
      .map(({ of }) => of)
      .filter((each) => each.accountId === accountId && each.region === region);
  }
}

function keyOf({ accountId, region, resourceId }: Tagged): string {
  return `${accountId}/${region}/${resourceId}`;
}
