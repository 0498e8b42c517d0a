import type { GitlabCall } from './call.js';
import { badParameters } from './refusal.js';

const most = 100;

/** One page of a list by offset, with the headers that GitLab gives it. */
export function pageOf<T>(
  { gitlab, request }: GitlabCall,
  rows: readonly T[],
): { rows: T[]; headers: Record<string, string> } {
  const page = numberOf(request.query, 'page', 1);
  const perPage = Math.min(most, numberOf(request.query, 'per_page', gitlab.settings.perPage));
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  const next = page < last ? page + 1 : undefined;
  const previous = page > 1 ? page - 1 : undefined;
  const href = (to: number) => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(to));
    query.set('per_page', String(perPage));
    const path = request.path.split('/').map(encodeURIComponent).join('/');
    return `<http://${request.headers['host'] ?? 'localhost'}${path}?${query.toString()}>`;
  };
  const links = [
    ...(previous === undefined ? [] : [`${href(previous)}; rel="prev"`]),
    ...(next === undefined ? [] : [`${href(next)}; rel="next"`]),
    `${href(1)}; rel="first"`,
    `${href(last)}; rel="last"`,
  ];
  return {
    rows: rows.slice((page - 1) * perPage, page * perPage),
    headers: {
      'X-Per-Page': String(perPage),
      'X-Page': String(page),
      'X-Next-Page': String(next ?? ''),
      'X-Prev-Page': String(previous ?? ''),
      'X-Total': String(rows.length),
      'X-Total-Pages': String(last),
      Link: links.join(', '),
    },
  };
}

function numberOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d+$/.test(text) || Number(text) < 1) throw badParameters(`${name} is invalid`);
  return Number(text);
}
