// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// Counts what a program gives to MPI (profiling interface), for LD_PRELOAD: sends, collectives and bytes of this rank.
//
// Bytes: of sends, gathers, scatters and all-to-alls what this rank sends to others; of reductions, scans and broadcasts the payload, once.
// heat2020_traffic(values) reads the three counters; barriers are collectives of 0 bytes.
#include <mpi.h>
#include <stdint.h>

static int64_t sends, collectives, bytes;

void heat2020_traffic(int64_t* values) {
  values[0] = sends;
  values[1] = collectives;
  values[2] = bytes;
}

static int64_t size_of(int64_t count, MPI_Datatype type) {
  int size = 0;
  if (type != MPI_DATATYPE_NULL) PMPI_Type_size(type, &size);
  return count * size;
}
static int ranks_of(MPI_Comm comm) {
  int ranks = 1;
  PMPI_Comm_size(comm, &ranks);
  return ranks;
}
static int rank_of(MPI_Comm comm) {
  int rank = 0;
  PMPI_Comm_rank(comm, &rank);
  return rank;
}

static void count_send(int count, MPI_Datatype type) {
  ++sends;
  bytes += size_of(count, type);
}
static void count_collective(int64_t sent) {
  ++collectives;
  bytes += sent;
}
// What this rank sends to the others of pieces by rank; one datatype each, or the same for all.
static int64_t to_others(const int* counts, MPI_Datatype type, const MPI_Datatype* types, MPI_Comm comm) {
  int64_t sum = 0;
  for (int q = 0; q < ranks_of(comm); ++q)
    if (q != rank_of(comm)) sum += size_of(counts[q], types ? types[q] : type);
  return sum;
}
// A gather to all: each rank's piece goes to every other.
static int64_t gathered(const void* send, int send_count, MPI_Datatype send_type, int own_count, MPI_Datatype receive_type, MPI_Comm comm) {
  const int64_t mine = send == MPI_IN_PLACE ? size_of(own_count, receive_type) : size_of(send_count, send_type);
  return mine * (ranks_of(comm) - 1);
}

int MPI_Send(const void* b, int n, MPI_Datatype t, int to, int tag, MPI_Comm c) {
  count_send(n, t);
  return PMPI_Send(b, n, t, to, tag, c);
}
int MPI_Ssend(const void* b, int n, MPI_Datatype t, int to, int tag, MPI_Comm c) {
  count_send(n, t);
  return PMPI_Ssend(b, n, t, to, tag, c);
}
int MPI_Isend(const void* b, int n, MPI_Datatype t, int to, int tag, MPI_Comm c, MPI_Request* r) {
  count_send(n, t);
  return PMPI_Isend(b, n, t, to, tag, c, r);
}
int MPI_Issend(const void* b, int n, MPI_Datatype t, int to, int tag, MPI_Comm c, MPI_Request* r) {
  count_send(n, t);
  return PMPI_Issend(b, n, t, to, tag, c, r);
}
int MPI_Sendrecv(const void* b, int n, MPI_Datatype t, int to, int tag, void* in, int m, MPI_Datatype u, int from, int in_tag, MPI_Comm c, MPI_Status* s) {
  count_send(n, t);
  return PMPI_Sendrecv(b, n, t, to, tag, in, m, u, from, in_tag, c, s);
}

int MPI_Barrier(MPI_Comm c) {
  count_collective(0);
  return PMPI_Barrier(c);
}
int MPI_Ibarrier(MPI_Comm c, MPI_Request* r) {
  count_collective(0);
  return PMPI_Ibarrier(c, r);
}
int MPI_Bcast(void* b, int n, MPI_Datatype t, int root, MPI_Comm c) {
  count_collective(size_of(n, t));
  return PMPI_Bcast(b, n, t, root, c);
}
int MPI_Ibcast(void* b, int n, MPI_Datatype t, int root, MPI_Comm c, MPI_Request* r) {
  count_collective(size_of(n, t));
  return PMPI_Ibcast(b, n, t, root, c, r);
}
int MPI_Reduce(const void* b, void* in, int n, MPI_Datatype t, MPI_Op o, int root, MPI_Comm c) {
  count_collective(size_of(n, t));
  return PMPI_Reduce(b, in, n, t, o, root, c);
}
int MPI_Allreduce(const void* b, void* in, int n, MPI_Datatype t, MPI_Op o, MPI_Comm c) {
  count_collective(size_of(n, t));
  return PMPI_Allreduce(b, in, n, t, o, c);
}
int MPI_Iallreduce(const void* b, void* in, int n, MPI_Datatype t, MPI_Op o, MPI_Comm c, MPI_Request* r) {
  count_collective(size_of(n, t));
  return PMPI_Iallreduce(b, in, n, t, o, c, r);
}
int MPI_Scan(const void* b, void* in, int n, MPI_Datatype t, MPI_Op o, MPI_Comm c) {
  count_collective(size_of(n, t));
  return PMPI_Scan(b, in, n, t, o, c);
}
int MPI_Exscan(const void* b, void* in, int n, MPI_Datatype t, MPI_Op o, MPI_Comm c) {
  count_collective(size_of(n, t));
  return PMPI_Exscan(b, in, n, t, o, c);
}
int MPI_Reduce_scatter(const void* b, void* in, const int counts[], MPI_Datatype t, MPI_Op o, MPI_Comm c) {
  count_collective(to_others(counts, t, 0, c));
  return PMPI_Reduce_scatter(b, in, counts, t, o, c);
}
int MPI_Gather(const void* b, int n, MPI_Datatype t, void* in, int m, MPI_Datatype u, int root, MPI_Comm c) {
  count_collective(rank_of(c) == root ? 0 : size_of(n, t));
  return PMPI_Gather(b, n, t, in, m, u, root, c);
}
int MPI_Gatherv(const void* b, int n, MPI_Datatype t, void* in, const int m[], const int at[], MPI_Datatype u, int root, MPI_Comm c) {
  count_collective(rank_of(c) == root ? 0 : size_of(n, t));
  return PMPI_Gatherv(b, n, t, in, m, at, u, root, c);
}
int MPI_Scatter(const void* b, int n, MPI_Datatype t, void* in, int m, MPI_Datatype u, int root, MPI_Comm c) {
  count_collective(rank_of(c) == root ? size_of(n, t) * (ranks_of(c) - 1) : 0);
  return PMPI_Scatter(b, n, t, in, m, u, root, c);
}
int MPI_Scatterv(const void* b, const int n[], const int at[], MPI_Datatype t, void* in, int m, MPI_Datatype u, int root, MPI_Comm c) {
  count_collective(rank_of(c) == root ? to_others(n, t, 0, c) : 0);
  return PMPI_Scatterv(b, n, at, t, in, m, u, root, c);
}
int MPI_Allgather(const void* b, int n, MPI_Datatype t, void* in, int m, MPI_Datatype u, MPI_Comm c) {
  count_collective(gathered(b, n, t, m, u, c));
  return PMPI_Allgather(b, n, t, in, m, u, c);
}
int MPI_Allgatherv(const void* b, int n, MPI_Datatype t, void* in, const int m[], const int at[], MPI_Datatype u, MPI_Comm c) {
  count_collective(gathered(b, n, t, m[rank_of(c)], u, c));
  return PMPI_Allgatherv(b, n, t, in, m, at, u, c);
}
int MPI_Iallgather(const void* b, int n, MPI_Datatype t, void* in, int m, MPI_Datatype u, MPI_Comm c, MPI_Request* r) {
  count_collective(gathered(b, n, t, m, u, c));
  return PMPI_Iallgather(b, n, t, in, m, u, c, r);
}
int MPI_Alltoall(const void* b, int n, MPI_Datatype t, void* in, int m, MPI_Datatype u, MPI_Comm c) {
  count_collective((ranks_of(c) - 1) * (b == MPI_IN_PLACE ? size_of(m, u) : size_of(n, t)));
  return PMPI_Alltoall(b, n, t, in, m, u, c);
}
int MPI_Alltoallv(const void* b, const int n[], const int at[], MPI_Datatype t, void* in, const int m[], const int in_at[], MPI_Datatype u, MPI_Comm c) {
  count_collective(b == MPI_IN_PLACE ? to_others(m, u, 0, c) : to_others(n, t, 0, c));
  return PMPI_Alltoallv(b, n, at, t, in, m, in_at, u, c);
}
int MPI_Alltoallw(const void* b, const int n[], const int at[], const MPI_Datatype t[], void* in, const int m[], const int in_at[],
                  const MPI_Datatype u[], MPI_Comm c) {
  count_collective(b == MPI_IN_PLACE ? to_others(m, 0, u, c) : to_others(n, 0, t, c));
  return PMPI_Alltoallw(b, n, at, t, in, m, in_at, u, c);
}
