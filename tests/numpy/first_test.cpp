#include <tests/numpy/rows.hpp>
#include <boost/test/unit_test.hpp>
namespace {
using namespace priel;
using namespace priel::test;
}
BOOST_AUTO_TEST_SUITE(numpy_first)
BOOST_AUTO_TEST_CASE(functions) {
  row<Floats, 2>("np.sqrt(a)", [](const auto& a) { return sqrt(a); });
  row<Real, 2>("np.floor(a)", [](const auto& a) { return floor(a); });
  row<Real, 2>("np.sin(a)", [](const auto& a) { return sin(a); }, {.ulps = 4});
  row<Real, 2>("np.cos(a)", [](const auto& a) { return cos(a); }, {.ulps = 4});
  row<Real, 2>("np.tan(a)", [](const auto& a) { return tan(a); }, {.ulps = 4});
  row<Real, 2>("np.exp(a)", [](const auto& a) { return exp(a); }, {.ulps = 4, .input="unit"});
  row<Real, 2>("np.log(a)", [](const auto& a) { return log(a); }, {.ulps = 4, .input="positive"});
  row<Real, 2, 2>("a + b", [](const auto& a, const auto& b) { return a + b; });
  row<Real, 2, 1>("a * b", [](const auto& a, const auto& b) { return a * b; });
  row<WithBool, 2>("np.sum(a, axis=0)", [](const auto& a) { return sum(a, axis<0>); }, {.ulps=4, .absolute=1e-6, .input = "finite"});
  row<Real, 2>("a[2:5] = 0", [](auto a) { a(range(2,5)) = 0; return a; });
  creator<Real>("np.arange(7, dtype=T)", []<class T>() { return arange<T>(7); });
}
BOOST_AUTO_TEST_SUITE_END()
