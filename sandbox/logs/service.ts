import { JsonService, type JsonAction } from '../core/aws-json.js';
import type { AwsRequest, AwsResponse, Service } from '../core/service.js';
import { logsAction } from './action.js';
import { describeLogGroups, describeLogStreams } from './describe.js';
import { filterLogEvents } from './filter.js';
import { EventsReader, getLogEventsSchema } from './get-log-events.js';
import type { LogsSettings } from './settings.js';
import type { LogStore } from './store.js';
import { createLogGroup, createLogStream, putLogEvents } from './write.js';

/** The sandbox's CloudWatch Logs. */
export class LogsService implements Service {
  readonly names = ['logs'];
  private readonly json: JsonService;
  /** Pages of events come as JSON that is written already: they are what the service is busiest with. */
  private readonly pages = new WeakMap<AwsRequest, Buffer>();

  /** @param seed of which pages are empty or partial */
  constructor(store: LogStore, settings: LogsSettings, seed: number) {
    this.json = new JsonService(
      this.names,
      store.now,
      new Map<string, JsonAction>([
        ['GetLogEvents', this.getLogEvents(new EventsReader(store, settings, seed))],
        ['FilterLogEvents', filterLogEvents(store, settings, seed)],
        ['DescribeLogGroups', describeLogGroups(store)],
        ['DescribeLogStreams', describeLogStreams(store)],
        ['CreateLogGroup', createLogGroup(store)],
        ['CreateLogStream', createLogStream(store)],
        ['PutLogEvents', putLogEvents(store)],
      ]),
    );
  }

  actionOf(request: AwsRequest): string {
    return this.json.actionOf(request);
  }

  handle(request: AwsRequest): AwsResponse {
    const response = this.json.handle(request);
    const page = this.pages.get(request);
    return page === undefined ? response : { ...response, body: page };
  }

  renderError(error: { code: string; message: string; status: number }): AwsResponse {
    return this.json.renderError(error);
  }

  private getLogEvents(reader: EventsReader): JsonAction {
    return logsAction(getLogEventsSchema, (input, call) => {
      const { body, subject } = reader.read(input, call);
      this.pages.set(call.request, body);
      return { json: {}, subject };
    });
  }
}
