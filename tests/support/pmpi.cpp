// SPDX-FileCopyrightText: The priel authors
// SPDX-License-Identifier: Apache-2.0

// MPI's profiling interface: the calls that send are counted while somebody asks for it, and passed on.
#include "pmpi.hpp"

#ifdef PRIEL_HAS_MPI
#include <mpi.h>
#endif

namespace priel::test {

static bool counting = false;
static Sent calls;

void start_counting_mpi() {
  calls = {};
  counting = true;
}

Sent stop_counting_mpi() {
  counting = false;
  return calls;
}

#ifdef PRIEL_HAS_MPI

int Predictions::process_world_size() {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

static Size bytes_of(int count, MPI_Datatype type) {
  int size = 0;
  PMPI_Type_size(type, &size);
  return Size{count} * size;
}

#else

int Predictions::process_world_size() { return 1; }

#endif

}  // namespace priel::test

#ifdef PRIEL_HAS_MPI

// The linker prefers these to MPI's own.
extern "C" {

using priel::test::bytes_of;
using priel::test::calls;
using priel::test::counting;

int MPI_Send(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm) {
  if (counting) calls.pieces += bytes_of(count, type);
  return PMPI_Send(data, count, type, to, tag, comm);
}

int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm, MPI_Request* request) {
  if (counting) calls.pieces += bytes_of(count, type);
  return PMPI_Isend(data, count, type, to, tag, comm, request);
}

int MPI_Allgatherv(const void* mine, int count, MPI_Datatype type, void* all, const int* counts, const int* places, MPI_Datatype each, MPI_Comm comm) {
  if (counting) {
    int rank = 0, size = 1;
    PMPI_Comm_rank(comm, &rank);
    PMPI_Comm_size(comm, &size);
    calls.gathered += bytes_of(counts[rank], each) * (size - 1);
  }
  return PMPI_Allgatherv(mine, count, type, all, counts, places, each, comm);
}

int MPI_Allreduce(const void* data, void* result, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  if (counting) calls.reduced += bytes_of(count, type);
  return PMPI_Allreduce(data, result, count, type, op, comm);
}

int MPI_Exscan(const void* data, void* result, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  if (counting) calls.scanned += bytes_of(count, type);
  return PMPI_Exscan(data, result, count, type, op, comm);
}

int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
  if (counting) calls.broadcast += bytes_of(count, type);
  return PMPI_Bcast(data, count, type, root, comm);
}

// None of these is used for arrays; one that is would not be explained.
int MPI_Reduce(const void* data, void* result, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm) {
  if (counting) ++calls.others;
  return PMPI_Reduce(data, result, count, type, op, root, comm);
}

int MPI_Allgather(const void* mine, int count, MPI_Datatype type, void* all, int each, MPI_Datatype all_type, MPI_Comm comm) {
  if (counting) ++calls.others;
  return PMPI_Allgather(mine, count, type, all, each, all_type, comm);
}

int MPI_Alltoallv(const void* send, const int* counts, const int* places, MPI_Datatype type, void* receive, const int* receive_counts,
                  const int* receive_places, MPI_Datatype receive_type, MPI_Comm comm) {
  if (counting) ++calls.others;
  return PMPI_Alltoallv(send, counts, places, type, receive, receive_counts, receive_places, receive_type, comm);
}

int MPI_Sendrecv(const void* send, int count, MPI_Datatype type, int to, int tag, void* receive, int receive_count, MPI_Datatype receive_type,
                 int from, int receive_tag, MPI_Comm comm, MPI_Status* status) {
  if (counting) ++calls.others;
  return PMPI_Sendrecv(send, count, type, to, tag, receive, receive_count, receive_type, from, receive_tag, comm, status);
}

}  // extern "C"

#endif
