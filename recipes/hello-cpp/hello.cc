#include <iostream>

int main() {
  std::cout << "Hello from mkbase!" << std::endl;
  return std::cout ? 0 : 1;
}
