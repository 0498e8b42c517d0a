/**
 * Dagre 3 ships types whose own imports lack the extension that Node's resolution asks of an ES module, so
 * TypeScript cannot follow them. This is the part of its interface that the report uses.
 */
declare module '@dagrejs/dagre' {
  export interface GraphLabel {
    rankdir: 'TB' | 'LR';
    /** Distances between nodes of a rank, edges of a rank, and ranks. */
    nodesep: number;
    edgesep: number;
    ranksep: number;
  }

  export interface NodeLabel {
    width: number;
    height: number;
    /** The centre, once laid out. */
    x?: number;
    y?: number;
  }

  export interface EdgeLabel {
    /** Once laid out. */
    points?: { x: number; y: number }[];
  }

  export class Graph {
    setGraph(label: GraphLabel): this;
    setNode(name: string, label: NodeLabel): this;
    setEdge(from: string, to: string, label: EdgeLabel): this;
    node(name: string): NodeLabel;
    edge(from: string, to: string): EdgeLabel;
  }

  /** Writes the places into the graph's labels. */
  export function layout(graph: Graph): void;
}
