// Prints a table as JSON: its columns in order, each with its type and values as the reader gives them.
// Usage: node read.mjs (arrow|parquet) FILE
import { readFileSync } from 'node:fs'
import { tableFromIPC } from 'apache-arrow'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'

/** What JSON has no notation for becomes a string; a missing value is null. */
function plain(value) {
  if (value === undefined) return null
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Date) return value.toISOString()
  if (value !== null && typeof value === 'object') {
    if (typeof value.toJSON === 'function') return plain(value.toJSON())
    if (Symbol.iterator in value) return Array.from(value, plain)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  }
  return value
}

function readArrow(bytes) {
  const table = tableFromIPC(bytes)
  const columns = table.schema.fields.map((field, index) => {
    const column = table.getChildAt(index)
    const values = Array.from({ length: table.numRows }, (_, row) => plain(column.get(row)))
    return { name: field.name, type: `${field.type}${field.type.isOrdered ? ' ordered' : ''}`, values }
  })
  return { rows: table.numRows, columns }
}

async function readParquet(bytes) {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const metadata = parquetMetadata(file)
  const rows = metadata.row_groups.length > 0 ? await parquetReadObjects({ file }) : []
  const columns = topLevel(metadata.schema).map((element) => ({
    name: element.name,
    type: [element.type ?? 'GROUP', element.logical_type?.type ?? element.converted_type].filter(Boolean).join(' '),
    values: rows.map((row) => plain(row[element.name])),
  }))
  return { rows: Number(metadata.num_rows), columns }
}

/** The schema is a list of all its nodes, depth first. */
function topLevel(schema) {
  const elements = []
  let next = 1
  const skip = () => {
    const children = schema[next++].num_children ?? 0
    for (let i = 0; i < children; i++) skip()
  }
  for (let i = 0; i < (schema[0].num_children ?? 0); i++) {
    elements.push(schema[next])
    skip()
  }
  return elements
}

const [reader, path] = process.argv.slice(2)
const bytes = readFileSync(path)
console.log(JSON.stringify(reader === 'arrow' ? readArrow(bytes) : await readParquet(bytes)))
