import pg from 'pg'
import type { Reads, Statement } from '../../api/platform/reads.js'

type Node = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Node[] }
export type Plans = { indexes: Set<string>; seqScans: Set<string> }

/** Reads that keep the plan of everything they run, what functions run inside included. For a superuser only. */
export async function explainedReads(superuserUrl: string) {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on; set auto_explain.log_format = json; set client_min_messages = log`)
  let found: Node[] = []
  client.on('notice', ({ message }) => {
    const at = message?.indexOf('plan:\n') ?? -1
    if (message && at >= 0) found.push(JSON.parse(message.slice(at + 6)).Plan)
  })
  const reads: Reads = async <Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> =>
    (await client.query({ ...statement, values: values as unknown[] })).rows as Row[]

  return {
    reads,
    /** The plans of what was read since the last time. */
    plans(): Plans {
      const nodes = found.flatMap(all)
      found = []
      return {
        indexes: new Set(nodes.flatMap(node => node['Index Name'] ?? [])),
        seqScans: new Set(
          nodes.flatMap(node => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : [])),
        ),
      }
    },
    close: () => client.end(),
  }
}

const all = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(all)]
