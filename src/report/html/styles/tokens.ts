/** The page's colours, by what they are for. `test/report/contrast.test.ts` holds them to WCAG AA. */
export interface Palette {
  page: string;
  surface: string;
  raised: string;
  border: string;
  text: string;
  muted: string;
  accent: string;
  onAccent: string;
  deleted: string;
  deletedTint: string;
  skipped: string;
  skippedTint: string;
  blocked: string;
  blockedTint: string;
  failed: string;
  failedTint: string;
  orphan: string;
  orphanTint: string;
}

export const light: Palette = {
  page: '#f5f6f9',
  surface: '#ffffff',
  raised: '#f0f2f6',
  border: '#dde1e8',
  text: '#171b24',
  muted: '#566072',
  accent: '#4450c8',
  onAccent: '#ffffff',
  deleted: '#1a7a45',
  deletedTint: '#e3f4e9',
  skipped: '#566072',
  skippedTint: '#eceff4',
  blocked: '#8a5300',
  blockedTint: '#fdf0d5',
  failed: '#bb2525',
  failedTint: '#fde8e7',
  orphan: '#87318f',
  orphanTint: '#f7e8f8',
};

export const dark: Palette = {
  page: '#0d1017',
  surface: '#151a23',
  raised: '#1d2430',
  border: '#2b3341',
  text: '#e7eaf0',
  muted: '#9ea8b8',
  accent: '#9aa6ff',
  onAccent: '#10131a',
  deleted: '#54cd8c',
  deletedTint: '#12301f',
  skipped: '#a3adbd',
  skippedTint: '#232b38',
  blocked: '#f0b44c',
  blockedTint: '#382a10',
  failed: '#ff8a80',
  failedTint: '#3d1a1c',
  orphan: '#dd9ae6',
  orphanTint: '#351d3a',
};

function declarations(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}:${value}`)
    .join(';');
}

/** The system's choice, unless the reader made one with the page's own button; paper is always light. */
export const tokenStyles = `:root{color-scheme:light;${declarations(light)}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${declarations(dark)}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${declarations(dark)}}}
`;
