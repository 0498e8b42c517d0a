import type { Build } from './build.js';
import type { Project } from './project.js';

/** Projects and builds of every account and region, builds in the order of their submission. */
export class BuildStore {
  private readonly byArn = new Map<string, Build>();
  private readonly byTarget = new Map<string, Build[]>();
  private readonly byProject = new Map<Project, Build[]>();
  private readonly projectsByArn = new Map<string, Project>();

  addProject(project: Project): void {
    this.projectsByArn.set(project.arn, project);
  }

  project(accountId: string, region: string, name: string): Project | undefined {
    return this.projectsByArn.get(`arn:aws:codebuild:${region}:${accountId}:project/${name}`);
  }

  projects(accountId: string, region: string): Project[] {
    return [...this.projectsByArn.values()].filter(
      (project) => project.accountId === accountId && project.region === region,
    );
  }

  add(build: Build): void {
    const { accountId, region } = build.project;
    this.byArn.set(build.arn, build);
    append(this.byTarget, `${accountId}/${region}`, build);
    append(this.byProject, build.project, build);
  }

  /** By id or ARN, of this account and region only. */
  find(accountId: string, region: string, idOrArn: string): Build | undefined {
    const prefix = `arn:aws:codebuild:${region}:${accountId}:build/`;
    return this.byArn.get(idOrArn.startsWith(prefix) ? idOrArn : `${prefix}${idOrArn}`);
  }

  ofTarget(accountId: string, region: string): readonly Build[] {
    return this.byTarget.get(`${accountId}/${region}`) ?? [];
  }

  ofProject(project: Project): readonly Build[] {
    return this.byProject.get(project) ?? [];
  }

  all(): Iterable<Build> {
    return this.byArn.values();
  }
}

function append<K>(lists: Map<K, Build[]>, key: K, build: Build): void {
  const list = lists.get(key);
  if (list) list.push(build);
  else lists.set(key, [build]);
}
